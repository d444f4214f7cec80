import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import { classifyCause } from '#shared/domain/causes/classify-cause.ts';
import { splitExecutionPrefix } from '#shared/domain/logs/execution/execution-prefix.ts';

/** What one execution-log line says about its request. Nothing of its text is in it. */
export type ExecutionLine = {
  /** The request id of REST, the extended one of WebSocket; `null` where the line carries none. */
  readonly requestId: string | null;
  readonly cause: CauseSlug;
  /** From 0, which is the most specific; of the lines of one request, the lowest rank tells its cause. */
  readonly rank: number;
};

type LineForm = {
  /** Whole words of the line, for the filter pattern: as rare in other lines as can be. */
  readonly term: string;
  /** Matches the text after the prefix, from its beginning. Every repetition in it is bounded. */
  readonly pattern: RegExp;
  readonly cause: CauseSlug | ((match: RegExpExecArray) => CauseSlug | null);
};

function causeOfResponse([, errorType = '', status]: RegExpExecArray): CauseSlug | null {
  return classifyCause({ errorType, status: Number(status), integrationStatus: null });
}

const CONFIGURATION_ERROR = '^Execution failed due to configuration error: ';

function configurationError(detail: string): Pick<LineForm, 'term' | 'pattern'> {
  return { term: 'Execution failed due to', pattern: new RegExp(CONFIGURATION_ERROR + detail) };
}

function responseType(type: string): LineForm {
  return {
    term: 'Gateway response type:',
    pattern: new RegExp(`^Gateway response type: (${type}) with status code: ([1-5]\\d\\d)\\b`),
    cause: causeOfResponse,
  };
}

/** The key is masked, and absent where the request brought none. */
const API_KEY = '^API Key \\S{0,160} ?';

/**
 * The lines that tell why a request failed, most specific first. A failing authorizer logs the same lines as a failing
 * integration, and names itself in one more; so what names the authorizer comes before the integration.
 *
 * @see {@link https://repost.aws/knowledge-center/api-gateway-429-limit}
 * @see {@link https://repost.aws/knowledge-center/api-gateway-internal-server-error}
 */
const LINE_FORMS: readonly LineForm[] = [
  {
    term: 'exceeded quota limit',
    pattern: new RegExp(`${API_KEY}exceeded quota limit\\b`),
    cause: 'throttle.quota',
  },
  {
    term: 'exceeded throttle limit',
    pattern: new RegExp(`${API_KEY}exceeded throttle limit\\b`),
    cause: 'throttle.usage-plan',
  },
  {
    term: 'Key throttle limit exceeded',
    pattern: /^Key throttle limit exceeded for Usage Plan\b/,
    cause: 'throttle.usage-plan',
  },
  {
    term: 'Key throttle limit exceeded',
    pattern: /^Key throttle limit exceeded for RestApi\b/,
    cause: 'throttle.method',
  },
  {
    term: 'not authorized because method',
    pattern: new RegExp(`${API_KEY}not authorized because method\\b`),
    cause: 'auth.api-key',
  },
  responseType('AUTHORIZER_\\w{1,40}|EXPIRED_TOKEN|INVALID_\\w{1,40}|WAF_FILTERED|QUOTA_EXCEEDED'),
  { ...configurationError('Authorizer error'), cause: 'auth.authorizer-misconfigured' },
  {
    term: 'AuthorizerConfigurationException',
    pattern: /^AuthorizerConfigurationException\b/,
    cause: 'auth.authorizer-misconfigured',
  },
  { term: 'Unauthorized request:', pattern: /^Unauthorized request:/, cause: 'auth.unauthorized' },
  {
    term: 'The client is not authorized to perform this operation',
    pattern: /^The client is not authorized to perform this operation\b/,
    cause: 'auth.denied',
  },
  {
    term: 'Request body does not match model schema',
    pattern: /^Request body does not match model schema\b/,
    cause: 'client.validation',
  },
  {
    term: 'Missing required request parameters:',
    pattern: /^Missing required request parameters:/,
    cause: 'client.validation',
  },
  {
    term: 'Lambda execution failed with status',
    pattern: /^Lambda execution failed with status [1-5]\d\d\b/,
    cause: 'integration.function-error',
  },
  {
    term: 'Lambda invocation failed with status:',
    pattern: /^Lambda invocation failed with status: 429\b/,
    cause: 'integration.concurrency',
  },
  { ...configurationError('Rate Exceeded'), cause: 'integration.concurrency' },
  {
    term: 'Lambda invocation failed with status:',
    pattern: /^Lambda invocation failed with status: 403\b/,
    cause: 'integration.permission',
  },
  {
    ...configurationError(
      '(?:Invalid permissions on|API Gateway does not have permissions? to (?:assume|call))\\b',
    ),
    cause: 'integration.permission',
  },
  {
    term: 'Lambda invocation failed with status:',
    pattern: /^Lambda invocation failed with status: 5\d\d\b/,
    cause: 'integration.unavailable',
  },
  { ...configurationError('Malformed Lambda proxy response'), cause: 'integration.malformed-response' },
  {
    term: 'Execution failed due to',
    pattern: /^Execution failed due to a timeout error\b/,
    cause: 'integration.timeout',
  },
  {
    term: 'Execution failed due to',
    pattern: /^Execution failed due to a network error\b/,
    cause: 'integration.network',
  },
  // A handshake with the endpoint fails as if the API were configured wrongly.
  {
    ...configurationError(
      "(?:General SSLEngine problem|Host name '[^']{0,255}' does not match the certificate)",
    ),
    cause: 'integration.network',
  },
  { ...configurationError(''), cause: 'gateway.configuration' },
  responseType('[A-Z0-9_]{1,64}'),
  // Failures in words that are not known: counted, without a guess.
  { term: 'Execution failed due to', pattern: /^Execution failed due to /, cause: 'unknown' },
  {
    term: 'Lambda invocation failed with status:',
    pattern: /^Lambda invocation failed with status: [1-5]\d\d\b/,
    cause: 'unknown',
  },
];

/**
 * Lets through the lines that {@link parseExecutionLine} knows, and of others only those that quote one in a body.
 * Terms after `?` are alternatives; in quotes each is an exact phrase, case-sensitive. At most 1,024 characters.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html}
 */
export const EXECUTION_FILTER_PATTERN = [...new Set(LINE_FORMS.map(({ term }) => `?"${term}"`))].join(' ');

/**
 * Reads why a request failed from one line of an execution log: old and new wordings, with any prefix, cut or not,
 * with line breaks in its text or not. Texts of clients and backends follow after a label, so they are never taken
 * for a line of API Gateway's own.
 *
 * @param message - The text of one log event, hostile until proven otherwise
 * @returns `null` for a line that tells no failure
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 */
export function parseExecutionLine(message: string): ExecutionLine | null {
  const { requestId, text } = splitExecutionPrefix(message);
  for (const [rank, { pattern, cause }] of LINE_FORMS.entries()) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const slug = typeof cause === 'string' ? cause : cause(match);
    if (slug !== null) return { requestId, cause: slug, rank };
  }
  return null;
}

/** What a line tells about the failure of its request. */
export type LineFailure = Pick<ExecutionLine, 'cause' | 'rank'>;

/** The line that tells the cause of a request that has both; neither order nor repetition changes the result. */
export function moreSpecificLine<Line extends LineFailure>(a: Line, b: Line): Line {
  if (a.rank !== b.rank) return a.rank < b.rank ? a : b;
  return a.cause <= b.cause ? a : b;
}
