import { gzipSync } from 'node:zlib';
import { renderFormat } from '#shared/domain/logging/render-format.ts';
import { typicalValue } from '#shared/domain/logging/typical-values.ts';
import { DOCUMENTED_FORMATS, type DocumentedFormat } from '#test/fakes/documented-formats.ts';
import { SENSITIVE_ALIASES, SENSITIVE_VARIABLES } from '#test/fakes/sensitive-variables.ts';

/** Makes a value that must never be seen again. */
type Mark = (name: string) => string;

/** Whose lines they are. */
type Writer = { readonly apiId: string; readonly stage: string };

/** Keys whose text is read for the cause, or names the request, and goes no further. */
const READ_VARIABLES: readonly string[] = [
  'requestId',
  'extendedRequestId',
  'xrayTraceId',
  'error.message',
  'error.messageString',
  'error.responseType',
  'error.validationErrorString',
  'integration.error',
  'integrationErrorMessage',
  'authorizer.error',
  'authenticate.error',
  'authorize.error',
  'waf.error',
  'wafResponseCode',
  'eventType',
  'connectionId',
  'httpMethod',
];

/** Who writes `$context.path` under such a key has raw paths where templates belong. */
const PATH_KEYS: readonly string[] = ['resourcePath', 'resource', 'routeKey', 'route'];

/** Texts of API Gateway that quote the caller, the request or the function. */
const MESSAGES: readonly (readonly [key: string, status: string, text: (value: string) => string])[] = [
  [
    'error.message',
    '403',
    (value) =>
      `User: arn:aws:sts::123456789012:assumed-role/app/${value} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:a1b2c3/prod/GET/${value} with an explicit deny`,
  ],
  [
    'error.message',
    '403',
    (value) =>
      `'${value}' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer ${value}'.`,
  ],
  ['integration.error', '502', (value) => `Lambda Customer Function Error:'${value}'`],
  [
    'integrationErrorMessage',
    '500',
    (value) => `The Lambda function returned the following error: ${value}.`,
  ],
  [
    'error.validationErrorString',
    '400',
    (value) => `[object has missing required properties (["${value}"])]`,
  ],
  ['authorizer.error', '401', (value) => `the token ${value} has expired`],
  ['waf.error', '500', (value) => `WAF call got timed out for ${value}`],
];

function nest(name: string, value: string): object {
  return name.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}

/** One failed request for each variable and each way to write it. */
export function secretAccessLines({ apiId, stage }: Writer, timeMs: number, mark: Mark): string[] {
  const base = { apiId, stage, requestTimeEpoch: String(timeMs), status: '500' };
  const line = (fields: object): string => JSON.stringify({ ...base, ...fields });
  const variables = [...SENSITIVE_VARIABLES, ...READ_VARIABLES, ...PATH_KEYS];
  return [
    ...variables.map((name) => line({ [name]: mark(`access ${name}`) })),
    ...variables.map((name) => line(nest(name, mark(`access ${name}, nested`)))),
    ...SENSITIVE_ALIASES.map((name) => line({ [name]: mark(`access ${name}`) })),
    ...PATH_KEYS.map((name) => line({ [name]: `/orders/${mark(`access ${name}, as a path`)}?token=1` })),
    ...MESSAGES.map(([name, status, text]) =>
      line({ status, [name]: text(mark(`access ${name}, in a text`)) }),
    ),
    ...damagedLines(line, mark),
    ...DOCUMENTED_FORMATS.map((format) => documentedLine(format, timeMs, mark)),
  ];
}

/** Lines that have to be repaired. */
function damagedLines(line: (fields: object) => string, mark: Mark): string[] {
  return [
    line({ ip: mark('cut line') }).slice(0, -8),
    line({ ip: '@' }).replace('@', `a"${mark('line with a quote')}"`),
    line({ userAgent: '@' }).replace('@', `"${mark('line with a text quoted twice')}"`),
  ];
}

/** A line of CLF, CSV or XML: with whom it was, and a raw path where the format names nothing. */
function documentedLine({ name, apiType, template }: DocumentedFormat, timeMs: number, mark: Mark): string {
  const isNamed = name === 'XML';
  const month = new Date(timeMs).toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  return renderFormat(template, (variable) => {
    if (variable.startsWith('identity.')) return mark(`${apiType} ${name} ${variable}`);
    if (variable === 'resourcePath' && !isNamed) return `/orders/${mark(`${apiType} ${name} path`)}?token=1`;
    if (variable !== 'requestTime') return typicalValue(apiType, variable);
    return new Date(timeMs).toISOString().replace(/^(\d+)-\d+-(\d+)T([\d:]+).*$/, `$2/${month}/$1:$3 +0000`);
  });
}

/** Lines that are no requests, each for a reason of its own. */
export function secretRejects({ apiId, stage }: Writer, timeMs: number, mark: Mark): string[] {
  const request = { apiId, stage, requestTimeEpoch: String(timeMs), status: '500' };
  return [
    mark('no format'),
    `{"ip":"${mark('line that cannot be read')}`,
    JSON.stringify({ ...request, ip: '@' }).replace(
      '@',
      `${mark('line with a forged status')}","status":"200`,
    ),
    JSON.stringify([mark('array')]),
    JSON.stringify({ ip: mark('not an access log') }),
    JSON.stringify({ ...request, requestId: 'r', status: mark('no status') }),
    JSON.stringify({ ...request, status: '200', requestTimeEpoch: mark('no time') }),
    JSON.stringify({ ...request, requestTimeEpoch: String(timeMs - 20 * 86_400_000), ip: mark('too old') }),
    JSON.stringify({ ...request, requestTimeEpoch: String(timeMs + 86_400_000), ip: mark('too new') }),
    `{"apiId":"${apiId}","ip":"${mark('too long')}${'x'.repeat(1_100_000)}"}`,
  ];
}

/** A masked key as API Gateway writes it: without a space, since the words around it are looked for. */
function masked(value: string): string {
  return `********${value.split(' ')[0]}`;
}

/** Every line of an execution log that holds free text, by its words before the text. */
const EXECUTION_TEXTS: readonly ((value: string) => string)[] = [
  (value) => `Extended Request Id: ${value}`,
  (value) => `Incoming identity: ***********${value}`,
  (value) =>
    `Authorizer result body before parsing: {"principalId":"${value}","context":{"email":"${value}"}}`,
  (value) => `Using valid authorizer policy for principal: ******${value}`,
  (value) => `Unauthorized request: ${value}`,
  (value) => `API Key: **********${value}`,
  (value) => `API Key ID: ${value}`,
  (value) => `Verifying Usage Plan for request: x. API Key: ****${value} API Stage: a1b2c3/prod`,
  (value) =>
    `API Key ${masked(value)} exceeded throttle limit for API Stage a1b2c3/prod: Key throttle limit exceeded`,
  (value) => `API Key ${masked(value)} exceeded quota limit for API Stage a1b2c3/prod: Key quota exhausted`,
  (value) => `API Key ${masked(value)} not authorized because method 'GET /${value}' requires API Key`,
  (value) => `HTTP Method: GET, Resource Path: /orders/${value}`,
  (value) => `Method request path: {id=${value}}`,
  (value) => `Method request query string: {token=${value}}`,
  (value) =>
    `Method request headers: {Authorization=*****${value}, X-Amz-Security-Token=${value} [TRUNCATED]`,
  (value) => `Method request body before transformations: {"card":"${value}"}`,
  (value) => `Method request body before transformations: {\n  "card": "${value}"\n}`,
  (value) =>
    `Request body does not match model schema for content type application/json: [object has missing required properties (["${value}"])]`,
  (value) => `Missing required request parameters: [${value}]`,
  (value) => `Endpoint request URI: https://example.com/${value}?token=${value}`,
  (value) => `Endpoint request headers: {x-api-key=${value}, cookie=${value}}`,
  (value) => `Endpoint request body after transformations: ${value}`,
  (value) => `Sending request to https://lambda.us-east-1.amazonaws.com/${value}`,
  (value) => `Endpoint response body before transformations: {"errorMessage":"${value}"}`,
  (value) => `Endpoint response headers: {Set-Cookie=${value}}`,
  (value) => `Method response body after transformations: ${value}`,
  (value) => `Method response headers: {Set-Cookie=${value}}`,
  (value) =>
    `Lambda execution failed with status 200 due to customer function error: ${value}. Lambda request id: ${value}`,
  (value) => `Lambda invocation failed with status: 429. Lambda request id: ${value}`,
  (value) => `Execution failed due to configuration error: ${value}`,
  (value) =>
    `Execution failed due to configuration error: API Gateway does not have permission to assume the provided role ${value}`,
  (value) => `Execution failed due to a network error communicating with endpoint: ${value}`,
  (value) => `Execution failed due to ${value}`,
  (value) => `Gateway response type: ${value} with status code: 500`,
  (value) => `AWS Integration Endpoint RequestId : ${value}`,
  (value) => `X-ray Tracing ID : Root=${value}`,
  (value) => value,
];

/** The words before the value, for the name of a marker. */
function labelOf(text: (value: string) => string): string {
  return text('…').slice(0, 60).replaceAll('\n', ' ');
}

/** Each with a request id, with one that is a secret, and with none. */
export function secretExecutionLines(mark: Mark): string[] {
  return EXECUTION_TEXTS.flatMap((text) => [
    `(c6af9ac6-7b61-11e6-9a41-93e8deadbeef) ${text(mark(`execution ${labelOf(text)}`))}`,
    `(${mark('execution request id').slice(0, 11)}) ${text(mark(`execution ${labelOf(text)}, other request`))}`,
    text(mark(`execution ${labelOf(text)}, without request`)),
  ]);
}

/** Events of a subscription that nobody can read. */
export function secretPayloads(mark: Mark): unknown[] {
  const pack = (text: string): object => ({ awslogs: { data: gzipSync(text).toString('base64') } });
  const event = { id: '1', timestamp: 1, message: mark('event of a malformed envelope') };
  const origin = { messageType: 'DATA_MESSAGE', owner: '123456789012', logGroup: 'g', logStream: 's' };
  return [
    { awslogs: { data: Buffer.from(mark('base64 without gzip')).toString('base64') } },
    { awslogs: { data: mark('no base64') } },
    { awslogs: { data: gzipSync(mark('cut gzip').repeat(50)).toString('base64').slice(0, 60) } },
    pack(mark('gzip without JSON')),
    pack(JSON.stringify({ messageType: 1, owner: mark('no type') })),
    pack(JSON.stringify({ ...origin, owner: null, logEvents: [event] })),
    pack(JSON.stringify({ ...origin, logEvents: [event, { id: 2, message: mark('bad event') }] })),
    pack(JSON.stringify({ ...origin, logEvents: mark('no events') })),
    { other: mark('no subscription') },
  ];
}
