import type { ExecutionThrottle } from '#shared/domain/logs/execution/execution-throttle.ts';

/** Facts that are texts: ids, words and templates of API Gateway's own, but for the path. */
type TextFacts = {
  /** The id in the text, for lines whose prefix has none. */
  readonly namedRequestId: string;
  readonly extendedRequestId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly resourceId: string;
  readonly method: string;
  /** The method in the line about a limit. */
  readonly limitedMethod: string;
  /** `GET /orders/{id}`: the template of the method. */
  readonly route: string;
  /** What the client called: for the local user only. */
  readonly path: string;
  /** Names an API key and does not tell it. */
  readonly apiKeyId: string;
  readonly authorizerId: string;
  readonly responseType: string;
  readonly endpointRequestId: string;
  /** The Lambda request id in the line about a failed function or invocation. */
  readonly lambdaRequestId: string;
  /** `1-…`, without `Root=`. */
  readonly xrayTraceId: string;
};

/** Facts that are numbers, read from text. */
type NumericFacts = {
  /** The status sent to the client. */
  readonly status: number;
  /** The status that a gateway response names. */
  readonly responseStatus: number;
  readonly integrationStatus: number;
  readonly integrationLatencyMs: number;
  /** The status of the Lambda service, in the line about a failed function or invocation. */
  readonly lambdaStatus: number;
};

/** Facts that a line states by being there. */
type Flag =
  | 'isEnd'
  | 'isTrailer'
  | 'isTestInvocation'
  | 'authorizerAllowed'
  | 'authorizerRefused'
  | 'authorizerFailed'
  | 'isDenied'
  | 'validationPassed'
  | 'validationFailed'
  | 'integrationAnswered'
  | 'executionSucceeded'
  | 'functionFailed'
  | 'logsBodies';

/** What lines of an execution log say about their request; what they do not say is absent. */
export type ExecutionFacts = Partial<
  TextFacts &
    NumericFacts &
    Record<Flag, true> & {
      /** How far the request had got when a line at its beginning was written: 0 to 4. */
      readonly beginning: number;
      readonly throttle: ExecutionThrottle;
    }
>;

/** The facts whose captured text is a number. */
export const NUMERIC_FACTS: ReadonlySet<string> = new Set<keyof NumericFacts>([
  'status',
  'responseStatus',
  'integrationStatus',
  'integrationLatencyMs',
  'lambdaStatus',
]);
