/**
 * What API Gateway says in `$context.error.message`, by documentation and by published logs. Only words that occur here
 * are shown, so that what a message quotes is not, wherever it stands.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html}
 * @see {@link https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden}
 */
const KNOWN_MESSAGES = [
  'Access denied',
  'API Gateway does not have permission to assume the provided role',
  "Authorization header requires 'Credential' parameter.",
  'Bad Request',
  'Could not parse request body into json',
  'Credential should be scoped to correct service',
  'Endpoint request timed out',
  'Execution failed due to a timeout error',
  'Execution failed due to configuration error',
  'Forbidden',
  'Gone',
  'HTTP content length exceeded bytes',
  'Internal server error',
  'Invalid API Key identifier specified',
  'Invalid key=value pair (missing equal-sign) in Authorization header',
  'Invalid mapping expression specified',
  'Invalid permissions on Lambda function',
  'Invalid request body',
  'is not a valid key=value pair (missing equal-sign) in Authorization header',
  'Lambda Customer Function Error',
  'Limit Exceeded',
  'Malformed Lambda proxy response',
  'Method Not Allowed',
  'Missing Authentication Token',
  'Missing required request parameters',
  'Network error communicating with endpoint: Connection is closed',
  'Not Found',
  'object has missing required properties',
  'Rate Exceeded',
  'Request entity too large',
  'Request URI too long',
  'Service Unavailable',
  'Signature expired: is now earlier than',
  "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again.",
  'The incoming token has expired',
  'The Lambda function returned the following error. Check your Lambda function code and try again.',
  "The request for the IAM Authorizer doesn't match the format that API Gateway expects.",
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  'The security token included in the request is invalid',
  'There was an error evaluating the AWS WAF rules associated with this API',
  'Too Many Requests',
  'Unauthorized',
  'Unsupported Media Type',
  'User is not authorized to access this resource with an explicit deny',
  'User is not authorized to perform: execute-api:Invoke on resource: with an explicit deny in a resource-based policy',
  'because no identity-based policy allows the execute-api:Invoke action',
  'WAF call got timed out',
] as const;

const MASK = '…';

/** API Gateway's own messages are shorter. */
const MAX_LENGTH = 1_024;

/** A quote that ends nowhere goes on to the end: the text was cut. An apostrophe is no quote. */
const QUOTED = /(?<!\w)["'`][^"'`]{0,1024}(?:["'`]|$)/g;

/** What stands behind is the value of a header. */
const HEADER_VALUE = /\bheader: [\s\S]*$/;

/** A word, with the punctuation around it that is no part of it. */
const WORD = /^([([{]{0,3})(.*?)([)\]}.,:;!]{0,4})$/s;

const OWN_WORDS: ReadonlySet<string> = new Set(
  KNOWN_MESSAGES.flatMap((message) => message.split(' ')).map((word) => wordIn(word).toLowerCase()),
);

function wordIn(token: string): string {
  return WORD.exec(token)?.[2] ?? '';
}

function maskWord(token: string): string {
  return OWN_WORDS.has(wordIn(token).toLowerCase()) ? token : MASK;
}

/**
 * Leaves API Gateway's own words in an error message and puts `…` for everything else: quoted texts, identities, ARNs,
 * tokens, values of headers, names and numbers of the request.
 */
export function maskMessage(message: string): string {
  return message
    .slice(0, MAX_LENGTH)
    .replace(QUOTED, ` ${MASK} `)
    .replace(HEADER_VALUE, `header: ${MASK}`)
    .split(/\s+/)
    .filter((token) => token !== '')
    .map(maskWord)
    .filter((token, index, tokens) => token !== MASK || tokens[index - 1] !== MASK)
    .join(' ');
}
