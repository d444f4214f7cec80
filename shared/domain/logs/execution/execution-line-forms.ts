import { DATA_TRACE_LABEL } from '#shared/domain/logs/execution/data-trace.ts';
import type { ExecutionFacts } from '#shared/domain/logs/execution/execution-facts.ts';

/** One form of a line: its words from the beginning, and what it says about the request. */
export type LineForm = {
  /** Groups are named after the facts that they capture. Every repetition is bounded. */
  readonly pattern: RegExp;
  /** What the line says by being there. */
  readonly facts: ExecutionFacts;
};

const REQUEST_ID = '(?<namedRequestId>[\\w+/=-]{1,128})';
const STAGE = '(?<apiId>[A-Za-z0-9]{1,64})/(?<stage>[\\w$-]{1,128})';
const STATUS = '[1-5]\\d\\d';
/** A masked key, or nothing and then often two spaces. */
const KEY = '(?:\\S{1,160} )? ?';
const ROUTE = "(?<route>[A-Z]{1,16} /[^'\\r\\n]{0,512})";
const PAIRS = '[\\w=;-]{0,160}';

/** The whole of a line. */
function line(pattern: string, facts: ExecutionFacts = {}): LineForm {
  return { pattern: new RegExp(`^(?:${pattern})\\s{0,8}$`), facts };
}

/** The beginning of a line. */
function label(pattern: string, facts: ExecutionFacts = {}): LineForm {
  return { pattern: new RegExp(`^(?:${pattern})`), facts };
}

function gatewayResponse(types: string, facts: ExecutionFacts = {}): LineForm {
  return line(
    `Gateway response type: (?<responseType>${types}) with status code: (?<responseStatus>${STATUS})`,
    {
      ...facts,
      isEnd: true,
    },
  );
}

/**
 * Lines that hold words, ids and numbers of API Gateway's own and nothing else. A request that is not authorized ends
 * with the line that says so: no status is logged.
 *
 * @see {@link https://repost.aws/knowledge-center/api-gateway-logs}
 */
export const CLOSED_FORMS: readonly LineForm[] = [
  line(`Execution log for request ${REQUEST_ID}`, { beginning: 0, isTestInvocation: true }),
  line('Extended Request Id: (?<extendedRequestId>[\\w+/=-]{1,128})', { beginning: 1 }),
  line(`Starting authorizer: (?<authorizerId>\\w{1,64}) for request: ${REQUEST_ID}`, { beginning: 2 }),
  line('Successfully completed authorizer execution', { authorizerAllowed: true }),
  line(`Unauthorized request: ${REQUEST_ID}`, { authorizerRefused: true, isEnd: true }),
  line('The client is not authorized to perform this operation\\.?', { isDenied: true, isEnd: true }),
  line(`Verifying Usage Plan for request: ${REQUEST_ID}\\. API Key: ${KEY}API Stage: ${STAGE}`, {
    beginning: 3,
  }),
  line(
    `API Key ${KEY}authorized because method '${ROUTE}' does not require API Key\\. Request will not contribute to throttle or quota limits`,
  ),
  line(`Usage Plan check succeeded for API Key ${KEY}and API Stage ${STAGE}`),
  line('API Key ID: (?<apiKeyId>[A-Za-z0-9]{1,64})'),
  line('API Key: ?\\S{0,160}'),
  line('Starting execution for request: test-(?:invoke-)?request', { beginning: 4, isTestInvocation: true }),
  line(`Starting execution for request: ${REQUEST_ID}`, { beginning: 4 }),
  line(
    `Received response\\. (?:Status: (?<integrationStatus>${STATUS}), )?Integration latency: (?<integrationLatencyMs>\\d{1,9}) ms`,
    { integrationAnswered: true },
  ),
  line('Successfully completed execution', { executionSucceeded: true }),
  line(`Method completed with status: (?<status>${STATUS})`, { isEnd: true }),
  line('Execution failed due to a timeout error'),
  line(
    `Lambda invocation failed with status: (?<lambdaStatus>${STATUS})\\. Lambda request id: (?<lambdaRequestId>[0-9a-f-]{36})`,
  ),
  gatewayResponse('AUTHORIZER_(?:CONFIGURATION_ERROR|FAILURE)', { authorizerFailed: true }),
  gatewayResponse('UNAUTHORIZED', { authorizerRefused: true }),
  gatewayResponse('ACCESS_DENIED', { isDenied: true }),
  gatewayResponse('[A-Z0-9_]{1,64}'),
  line('AWS Integration Endpoint RequestId : (?<endpointRequestId>[A-Za-z0-9-]{8,64})', { isTrailer: true }),
  // The pairs come in any order and case, and in old lines the id comes alone.
  line(
    `X-ray Tracing ID : (?:${PAIRS};)?(?:[Rr]oot=)?(?<xrayTraceId>1-[0-9a-f]{8}-[0-9a-f]{24})(?:;${PAIRS})?`,
    { isTrailer: true },
  ),
];

/** Lines in which a text of clients, backends or configuration follows, which may go on behind a line break. */
export const OPEN_FORMS: readonly LineForm[] = [
  label('Endpoint response (?:headers|body before transformations):', {
    integrationAnswered: true,
    logsBodies: true,
  }),
  { pattern: DATA_TRACE_LABEL, facts: { logsBodies: true } },
  label(
    'HTTP Method: (?<method>[A-Z]{1,16}), Resource Path: (?<path>(?:(?! \\[TRUNCATED\\])[^\\r\\n]){0,2000})',
  ),
  label('Endpoint request URI:|Sending request to |Incoming identity:'),
  label('Using valid authorizer policy for principal:', { authorizerAllowed: true }),
  label(
    `API Key ${KEY}(?:not )?authorized because method '${ROUTE}'(?: requires API Key and API Key is not associated with a Usage Plan for API Stage ${STAGE})?`,
  ),
  label('Request validation succeeded for content type\\b', { validationPassed: true }),
  label('Request body does not match model schema\\b|Missing required request parameters:', {
    validationFailed: true,
  }),
  label(`Lambda execution failed with status (?<lambdaStatus>${STATUS})\\b`, { functionFailed: true }),
  label(`Lambda invocation failed with status: (?<lambdaStatus>${STATUS})\\b`),
  label(
    'AuthorizerConfigurationException\\b|Execution failed due to configuration error: Authorizer error\\b',
    {
      authorizerFailed: true,
    },
  ),
  label('Execution failed due to '),
];
