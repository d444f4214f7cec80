/** Documented variables that hold secrets or personal data, or may do so. */
export const SENSITIVE_VARIABLES: readonly string[] = [
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
export const SENSITIVE_ALIASES: readonly string[] =
  `ip sourceIp source_ip clientIp client_ip remoteAddr x-forwarded-for caller user userId user_id username
  email principalId sub claims apiKey api_key apiKeyId x-api-key authorization cookie token userAgent user_agent agent ua
  referer uri url rawPath raw_path requestPath pathParameters queryString query body requestBody responseBody
  webAclArn clientCert certificate vpceId`.split(/\s+/);
