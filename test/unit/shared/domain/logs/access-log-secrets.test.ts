import { describe, expect, it } from 'vitest';
import { collectFields, spellingOf } from '#shared/domain/logs/access-log-fields.ts';
import { parseAccessLog } from '#shared/domain/logs/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/read-access-log-line.ts';

const MARKER = 'SECRET-MARKER';

/** Documented variables that hold secrets or personal data, or may do so. */
const SECRETS = [
  'path',
  'protocol',
  'domainName',
  'domainPrefix',
  'dataProcessed',
  'messageId',
  'webaclArn',
  'authorizer.principalId',
  'authorizer.claims',
  'authorizer.claims.sub',
  'authorizer.claims.email',
  'authorizer.claims.status',
  'authorizer.claims.requestId',
  'authorizer.userId',
  'authorizer.property',
  'authorizer.requestId',
  'identity.accountId',
  'identity.apiKey',
  'identity.apiKeyId',
  'identity.caller',
  'identity.clientCert.clientCertPem',
  'identity.clientCert.subjectDN',
  'identity.clientCert.issuerDN',
  'identity.clientCert.serialNumber',
  'identity.clientCert.validity.notBefore',
  'identity.cognitoAuthenticationProvider',
  'identity.cognitoAuthenticationType',
  'identity.cognitoIdentityId',
  'identity.cognitoIdentityPoolId',
  'identity.principalOrgId',
  'identity.sourceIp',
  'identity.user',
  'identity.userAgent',
  'identity.userArn',
  'identity.vpcId',
  'identity.vpceId',
  'customDomain.basePathMatched',
  'integration.requestId',
  'awsEndpointRequestId',
  'awsEndpointRequestId2',
  'requestOverride.header.authorization',
  'requestOverride.path.id',
  'requestOverride.querystring.token',
  'responseOverride.header.setCookie',
];

/** The same under the names that AWS's templates and people use for them. */
const ALIASES =
  `ip sourceIp source_ip clientIp client_ip remoteAddr x-forwarded-for caller user userId user_id username
  email principalId sub claims apiKey api_key apiKeyId x-api-key authorization cookie token userAgent user_agent agent ua
  referer uri url rawPath raw_path requestPath pathParameters queryString query body requestBody responseBody
  webAclArn clientCert certificate vpceId`.split(/\s+/);

function words(variable: string, separator: string): string {
  return variable
    .replace(/([A-Z])/g, '.$1')
    .toLowerCase()
    .replaceAll('.', separator);
}

function nest(path: readonly string[], value: unknown): object {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value) as unknown as object;
}

const LINES = [...SECRETS, ...ALIASES].flatMap((variable) => [
  { variable, naming: 'flat', line: { [variable]: MARKER } },
  { variable, naming: 'snake_case', line: { [words(variable, '_')]: MARKER } },
  { variable, naming: 'joined', line: { [words(variable, '')]: MARKER } },
  { variable, naming: '$context', line: { [`$context.${variable}`]: MARKER } },
  { variable, naming: 'nested', line: nest(variable.split('.'), MARKER) },
]);

describe('what is not read', () => {
  it.each(LINES)('collectFields() never reads $variable ($naming)', ({ line }) => {
    expect(collectFields(line, spellingOf).fields).toEqual({});
  });

  it('parseAccessLog() keeps nothing of any of them', () => {
    const request = {
      requestId: 'r',
      status: '500',
      requestTimeEpoch: '1686411388000',
      errorMessage: MARKER,
    };
    const line = JSON.stringify(Object.assign({}, ...LINES.map((secret) => secret.line), request));
    const readLine = createReadAccessLogLine();

    const parsed = [1, 2].map(() => parseAccessLog(readLine, line, 0));

    expect(parsed.every(({ ok }) => ok)).toBe(true);
    expect(JSON.stringify(parsed)).not.toContain(MARKER);
  });

  it('parseAccessLog() keeps no text of messages, only what they say of the cause', () => {
    const line = JSON.stringify({
      status: '403',
      requestTimeEpoch: '1686411388000',
      errorMessage: `User: arn:aws:iam::123456789012:user/${MARKER} is not authorized to perform: execute-api:Invoke`,
      'authorizer.error': MARKER,
      'integration.error': MARKER,
      validationErrorString: MARKER,
    });

    const parsed = parseAccessLog(createReadAccessLogLine(), line, 0);

    expect(parsed).toMatchObject({ ok: true, request: { status: 403 } });
    expect(JSON.stringify(parsed)).not.toContain(MARKER);
  });

  it('parseAccessLog() puts no text of a rejected line into the reason', () => {
    for (const text of [MARKER, `{"a":"${MARKER}"}`, `{"requestId":"${MARKER}"}`, `{"x":"${MARKER}`]) {
      expect(JSON.stringify(parseAccessLog(createReadAccessLogLine(), text, 0))).not.toContain(MARKER);
    }
  });
});
