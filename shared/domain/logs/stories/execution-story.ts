import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { ExecutionFacts } from '#shared/domain/logs/execution/execution-facts.ts';
import {
  type ExecutionThrottle,
  type ThrottleLayer,
  throttleWithoutDetails,
} from '#shared/domain/logs/execution/execution-throttle.ts';
import { type OpenStory, storyFacts } from '#shared/domain/logs/stories/open-story.ts';

/** What became of the authorizer's call; `unknown` if no line tells. */
export type AuthorizerOutcome = 'allowed' | 'refused' | 'failed' | 'unknown';

/**
 * One request as the lines of an execution log tell it; absent facts are `null`. But for `path` it holds nothing of
 * clients and backends: no body, header, query, key, token, principal or message.
 */
export type ExecutionStory = {
  /** `null` where no line tells, as in most test invocations. */
  readonly requestId: string | null;
  readonly extendedRequestId: string | null;
  readonly apiId: string | null;
  readonly stage: string | null;
  readonly method: string | null;
  /** `GET /orders/{id}`: the template, where the lines name it. */
  readonly route: string | null;
  /** What the client called, with all ids in it: only for the local user, and for no metric, log or message. */
  readonly path: string | null;
  readonly resourceId: string | null;
  /** Names the API key and does not tell it. */
  readonly apiKeyId: string | null;
  /** Times of the first and the last line, epoch milliseconds. */
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Only what a line states: a request that an authorizer refused has none. */
  readonly status: number | null;
  /** Why the request failed; `null` without a sign of failure. */
  readonly cause: CauseSlug | null;
  readonly throttle: ExecutionThrottle | null;
  readonly validation: 'passed' | 'failed' | null;
  readonly integrationLatencyMs: number | null;
  /** Of Lambda it is the status of the service, not of the function. */
  readonly integrationStatus: number | null;
  /** The function threw, crashed or timed out. */
  readonly isFunctionError: boolean;
  /** `null` if no line is about an authorizer. */
  readonly authorizer: { readonly authorizerId: string | null; readonly outcome: AuthorizerOutcome } | null;
  /** The request in the log of the Lambda function; of the authorizer's if that is what failed. */
  readonly endpointRequestId: string | null;
  /** `1-…`, without `Root=`. */
  readonly xrayTraceId: string | null;
  readonly responseType: string | null;
  /** Data trace is on: its log holds headers and bodies. */
  readonly logsBodies: boolean;
  readonly isTestInvocation: boolean;
  /** Lines that API Gateway, or the reader of a file, cut. */
  readonly truncatedLines: number;
  readonly lines: number;
  /** Its lines are of two requests under one id, so of which of them a fact is nobody knows. */
  readonly isMixed: boolean;
  /** Beginning and end were seen, nothing was left out for want of room, and all lines are of one request. */
  readonly complete: boolean;
};

const LAYER_OF_CAUSE: Readonly<Partial<Record<CauseSlug, ThrottleLayer>>> = {
  'throttle.usage-plan': 'usage-plan',
  'throttle.quota': 'quota',
  'throttle.method': 'method',
  'throttle.account': 'account',
  'throttle.unknown-level': 'unknown',
};

/**
 * True if the integration made the status: by answering with it, or by an answer out of which a mapping or a Lambda
 * function's `statusCode` made it. API Gateway logs the success of an execution only where nothing of its own failed.
 */
function isStatusOfIntegration(facts: ExecutionFacts, status: number): boolean {
  if (facts.integrationStatus === status) return true;
  return facts.executionSucceeded === true && facts.integrationAnswered === true;
}

function causeWithoutLine(facts: ExecutionFacts, status: number | null): CauseSlug | null {
  if (status === null || status < 400) return null;
  if (isStatusOfIntegration(facts, status)) {
    if (status === 429) return 'throttle.backend';
    return status >= 500 ? 'backend.5xx' : 'backend.4xx';
  }
  // An execution that succeeds was not throttled, but may have been mocked: no one can tell.
  return status === 429 && facts.executionSucceeded !== true ? 'throttle.unknown-level' : 'unknown';
}

function throttleOf(facts: ExecutionFacts, cause: CauseSlug | null): ExecutionThrottle | null {
  if (facts.throttle !== undefined) return facts.throttle;
  const layer = cause === null ? undefined : LAYER_OF_CAUSE[cause];
  return layer === undefined ? null : throttleWithoutDetails(layer);
}

function authorizerOutcome(facts: ExecutionFacts): AuthorizerOutcome {
  if (facts.authorizerFailed === true) return 'failed';
  // A policy that denies is a valid one, and is logged so before.
  if (facts.authorizerRefused === true || facts.isDenied === true) return 'refused';
  return facts.authorizerAllowed === true ? 'allowed' : 'unknown';
}

/** A denied request tells of an authorizer only where one is named: IAM and resource policies deny in the same words. */
function authorizerOf(facts: ExecutionFacts): ExecutionStory['authorizer'] {
  const { authorizerId = null, authorizerAllowed, authorizerRefused, authorizerFailed } = facts;
  const isTold = authorizerAllowed ?? authorizerRefused ?? authorizerFailed ?? false;
  return authorizerId === null && !isTold ? null : { authorizerId, outcome: authorizerOutcome(facts) };
}

function validationOf(facts: ExecutionFacts): ExecutionStory['validation'] {
  if (facts.validationFailed === true) return 'failed';
  return facts.validationPassed === true ? 'passed' : null;
}

function requestOf({ requestId, stage }: OpenStory, facts: ExecutionFacts) {
  const namedRequestId = facts.isTestInvocation === true ? null : (facts.namedRequestId ?? null);
  return {
    requestId: requestId ?? namedRequestId,
    extendedRequestId: facts.extendedRequestId ?? null,
    apiId: stage?.apiId ?? facts.apiId ?? null,
    stage: stage?.stage ?? facts.stage ?? null,
    method: facts.method ?? facts.limitedMethod ?? null,
    route: facts.route ?? null,
    path: facts.path ?? null,
    resourceId: facts.resourceId ?? null,
    apiKeyId: facts.apiKeyId ?? null,
  };
}

function outcomeOf(facts: ExecutionFacts, failure: OpenStory['failure']) {
  const status = facts.status ?? facts.responseStatus ?? null;
  const cause = failure?.cause ?? causeWithoutLine(facts, status);
  return { status, cause, throttle: throttleOf(facts, cause), responseType: facts.responseType ?? null };
}

/** A request that was not authorized did not get to the integration: what answered or failed was the authorizer. */
function integrationOf(facts: ExecutionFacts) {
  const wasCalled = !(facts.authorizerFailed ?? facts.authorizerRefused ?? facts.isDenied ?? false);
  return {
    integrationLatencyMs: (wasCalled ? facts.integrationLatencyMs : null) ?? null,
    integrationStatus: (wasCalled ? (facts.integrationStatus ?? facts.lambdaStatus) : null) ?? null,
    isFunctionError: facts.functionFailed === true,
    endpointRequestId: facts.endpointRequestId ?? facts.lambdaRequestId ?? null,
  };
}

/**
 * Tells the story of a request of which no more lines are waited for.
 *
 * @param isWhole - Nothing of it was left out for want of room
 */
export function tellStory(story: OpenStory, isWhole: boolean): ExecutionStory {
  const facts = storyFacts(story);
  const { startedAtMs, endedAtMs, truncatedLines, eventIds, failure, isMixed } = story;
  const hasBothEnds = facts.beginning !== undefined && facts.isEnd === true;
  return {
    ...requestOf(story, facts),
    startedAtMs,
    endedAtMs,
    ...outcomeOf(facts, failure),
    validation: validationOf(facts),
    ...integrationOf(facts),
    authorizer: authorizerOf(facts),
    xrayTraceId: facts.xrayTraceId ?? null,
    logsBodies: facts.logsBodies === true,
    isTestInvocation: facts.isTestInvocation === true,
    truncatedLines,
    lines: eventIds.size,
    isMixed,
    complete: hasBothEnds && isWhole && !isMixed,
  };
}
