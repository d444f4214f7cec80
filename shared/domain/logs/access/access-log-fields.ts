import { detachText } from '#shared/domain/logs/payload/detach-text.ts';

/**
 * Every fact Gatewatch takes out of an access-log line, with the key spellings under which it is found:
 * the `$context` variable first, then the names seen in real formats. Keys are compared after
 * {@link normalizeKey}, so case, `_`, `-`, `.` and nesting make no difference. The first spelling wins
 * where a line carries several.
 *
 * Not on the list, and so never read: addresses, users, keys, claims, user agents. Raw paths neither, unless somebody
 * asks for them with {@link spellingWithPath}.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html | REST variables}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html | HTTP API variables}
 */
const SPELLINGS = {
  requestId: ['requestid', 'reqid', 'id'],
  extendedRequestId: ['extendedrequestid', 'xamzapigwid'],
  accountId: ['accountid'],
  apiId: ['apiid', 'restapiid', 'httpapiid'],
  stage: ['stage', 'stagename'],
  time: [
    'requesttimeepoch',
    'requesttimeepochms',
    'requesttime',
    'requesttimestamp',
    'timestamp',
    'timestampms',
    'time',
    'datetime',
    'date',
  ],
  httpMethod: ['httpmethod', 'method', 'requestmethod', 'verb'],
  resourcePath: ['resourcepath', 'resource'],
  routeKey: ['routekey', 'route'],
  eventType: ['eventtype'],
  connectionId: ['connectionid'],
  status: [
    'status',
    'statuscode',
    'httpstatus',
    'httpstatuscode',
    'responsestatus',
    'responsestatuscode',
    'responsecode',
  ],
  responseLength: [
    'responselength',
    'responselengthbytes',
    'responsesize',
    'responsesizebytes',
    'contentlength',
    'bytessent',
    'bytes',
  ],
  responseLatency: [
    'responselatency',
    'responselatencyms',
    'latency',
    'latencyms',
    'responsetime',
    'responsetimems',
    'duration',
    'durationms',
  ],
  integrationLatency: [
    'integrationlatency',
    'integrationlatencyms',
    'lambdaintegrationlatency',
    'backendlatency',
    'backendlatencyms',
  ],
  integrationStatus: [
    'integrationstatus',
    'integrationstatuscode',
    'functionresponsestatus',
    'backendstatus',
  ],
  integrationServiceStatus: [
    'integrationintegrationstatus',
    'integrationservicestatus',
    'lambdaintegrationstatus',
  ],
  integrationError: ['integrationerror', 'integrationerrormessage', 'integrationerr'],
  errorType: [
    'errorresponsetype',
    'errortype',
    'responsetype',
    'gatewayresponsetype',
    'errorerrorresponsetype',
  ],
  errorMessage: ['errormessage', 'errorerrormessage', 'errormessagestring', 'error', 'message'],
  validationError: [
    'errorvalidationerrorstring',
    'validationerrorstring',
    'validationerror',
    'errorvalidationerror',
  ],
  authenticateStatus: ['authenticatestatus'],
  authorizeStatus: ['authorizestatus'],
  authorizerStatus: ['authorizerstatus'],
  authorizerError: ['authorizererror'],
  wafStatus: ['wafstatus'],
  wafError: ['waferror'],
  wafResponseCode: ['wafresponsecode'],
  xrayTraceId: ['xraytraceid', 'traceid', 'xamzntraceid'],
} as const;

/** `$context.path`, which a client writes. */
const PATH_SPELLINGS = ['path', 'requestpath', 'rawpath', 'requesturi', 'uri'] as const;

/** A fact of an access-log line, named after its `$context` variable; `path` only where it is asked for. */
export type AccessLogField = keyof typeof SPELLINGS | 'path';

/** All facts that are read. */
export const ACCESS_LOG_FIELDS = [...Object.keys(SPELLINGS), 'path'] as AccessLogField[];

/** The facts found in one line, as text; a fact that is absent, empty, `-` or `(none)` has no entry. */
export type AccessLogFields = Partial<Record<AccessLogField, string>>;

/** The facts of a line, and whether it had to be repaired for them. */
export type ReadLine = { readonly fields: AccessLogFields; readonly isRepaired: boolean };

/** A fact and how good the spelling is that named it: of several, the lowest rank wins. */
export type FieldSpelling = { readonly field: AccessLogField; readonly rank: number };

const PATH_BY_SPELLING = new Map<string, FieldSpelling>(
  PATH_SPELLINGS.map((spelling, rank) => [spelling, { field: 'path', rank }]),
);

const FIELD_BY_SPELLING = new Map<string, FieldSpelling>(
  (Object.entries(SPELLINGS) as [AccessLogField, readonly string[]][]).flatMap(([field, spellings]) =>
    spellings.map((spelling, rank): [string, FieldSpelling] => [spelling, { field, rank }]),
  ),
);

/** Keys come from log text, so hostile ones must neither grow the cache without end nor take long to compare. */
const MAX_CACHED_KEYS = 2_000;
/** With the keys around it; the longest documented one, `$context.error.validationErrorString`, has 35. */
const MAX_KEY_LENGTH = 100;
const spellingByKey = new Map<string, FieldSpelling | null>();

/** Tells which fact a key names, with the keys around it joined by dots; `null` for one that is not read. */
export type SpellingOf = (key: string) => FieldSpelling | null;

/** The key without case, separators and a leading `$context.`: `integration.latency` is `integrationlatency`. */
export function normalizeKey(key: string): string {
  return key
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^context/, '');
}

/** The fact that a key names, but for the raw path. */
export function spellingOf(key: string): FieldSpelling | null {
  if (key.length > MAX_KEY_LENGTH) return null;
  const cached = spellingByKey.get(key);
  if (cached !== undefined) return cached;
  const spelling = FIELD_BY_SPELLING.get(normalizeKey(key)) ?? null;
  // A key is a part of its line, which it must not keep alive as long as the process is.
  if (spellingByKey.size < MAX_CACHED_KEYS) spellingByKey.set(detachText(key), spelling);
  return spelling;
}

/** The fact that a key names, the raw path among them. */
export function spellingWithPath(key: string): FieldSpelling | null {
  const known = spellingOf(key);
  if (known !== null || key.length > MAX_KEY_LENGTH) return known;
  return PATH_BY_SPELLING.get(normalizeKey(key)) ?? null;
}

/** API Gateway writes `-` for a variable without value; `(none)` was seen for an empty base path. */
export function isAbsent(text: string): boolean {
  return text === '' || text === '-' || text === '(none)' || text === 'null';
}

/** How deep facts may be nested; the documented variables need 3. */
export const MAX_DEPTH = 4;
