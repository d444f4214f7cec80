import { describe, expect, it } from 'vitest';
import { explainAwsError, isPassing, wordsFor } from '#cli/aws-errors.ts';
import { UsageError } from '#cli/errors.ts';

function awsError(name: string, message: string, more: object = { $metadata: {} }): Error {
  return Object.assign(new Error(message), { name }, more);
}

const DENIED =
  'User: arn:aws:iam::123456789012:user/eve is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/restapis because no identity-based policy allows the apigateway:GET action';

describe('explainAwsError()', () => {
  it.each([
    [
      'no credentials',
      awsError('CredentialsProviderError', 'Could not load credentials', {}),
      /^No AWS credentials/,
    ],
    ['an expired token', awsError('ExpiredTokenException', 'The security token is expired'), /have expired/],
    [
      'an expired session',
      awsError('CredentialsProviderError', 'The SSO session has expired', {}),
      /have expired/,
    ],
    [
      'unknown keys, or a Region that is off',
      awsError('UnrecognizedClientException', 'invalid'),
      /^AWS does not accept these credentials \(UnrecognizedClientException\), or the account has not enabled this Region: /,
    ],
    [
      'unknown keys in other words',
      awsError('InvalidClientTokenId', 'invalid'),
      /or the account has not enabled this Region/,
    ],
    [
      'a wrong secret',
      awsError('SignatureDoesNotMatch', 'mismatch'),
      /^AWS does not accept these credentials \(SignatureDoesNotMatch\): set/,
    ],
    [
      'a clock that is late',
      awsError(
        'InvalidSignatureException',
        'Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)',
      ),
      /^The clock of this machine differs from that of AWS/,
    ],
    [
      'a clock that is early',
      awsError('InvalidSignatureException', 'Signature not yet current: 20260101T001000Z is still later'),
      /^The clock of this machine/,
    ],
    ['a clock that is far off', awsError('RequestTimeTooSkewed', 'too large'), /^The clock of this machine/],
    ['no Region', awsError('Error', 'Region is missing', {}), /^No Region: give --region/],
    [
      'a Region that is none',
      awsError('Error', 'getaddrinfo ENOTFOUND apigateway.us-nowhere-9.amazonaws.com', { code: 'ENOTFOUND' }),
      /is the Region right/,
    ],
    [
      'a refused connection',
      awsError('Error', '', { code: 'ECONNREFUSED' }),
      /cannot be reached \(ECONNREFUSED\)/,
    ],
    ['no answer', awsError('TimeoutError', 'timed out', {}), /does not answer in time/],
    [
      'a wrong endpoint',
      awsError('TypeError', 'Invalid URL', { code: 'ERR_INVALID_URL' }),
      /AWS_ENDPOINT_URL/,
    ],
    ['too many calls', awsError('TooManyRequestsException', 'Rate exceeded'), /try again later/],
    [
      'an answer that lacks a part',
      awsError('MetricsNotReadError', 'CloudWatch returned only a part of 2 metrics', {}),
      /^CloudWatch returned only a part of 2 metrics: try again later$/,
    ],
    [
      'anything else of AWS',
      awsError('InvalidParameterException', 'bad'),
      /^AWS says InvalidParameterException: bad/,
    ],
  ])('explainAwsError() has words for %s', (_, error, expected) => {
    const explained = explainAwsError(error);

    expect(explained).toBeInstanceOf(UsageError);
    expect(wordsFor(error)).toMatch(expected);
    expect((explained as Error).cause).toBe(error);
  });

  it.each(['AccessDeniedException', 'AccessDenied', 'UnauthorizedException'])(
    'explainAwsError() names the action and resource of %s, not who was denied',
    (name) => {
      const words = wordsFor(awsError(name, DENIED));

      expect(words).toBe(
        'AWS denies apigateway:GET on arn:aws:apigateway:us-east-1::/restapis; gatewatch setup --iam prints the permissions that are needed',
      );
    },
  );

  it('explainAwsError() leaves bugs and its own errors alone', () => {
    const bug = new TypeError('x is not a function');
    const usage = new UsageError('no such API');

    expect(explainAwsError(bug)).toBe(bug);
    expect(explainAwsError(usage)).toBe(usage);
    expect(explainAwsError('text')).toBe('text');
  });
});

describe('isPassing()', () => {
  it.each([
    ['too many calls', awsError('ThrottlingException', 'Rate exceeded')],
    ['a network that is away', awsError('Error', 'getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' })],
    ['no answer', awsError('TimeoutError', 'timed out', {})],
    ['half an answer', awsError('MetricsNotReadError', 'CloudWatch returned only a part', {})],
    ['a service that fails', awsError('InternalServiceFault', 'oops', { $fault: 'server', $metadata: {} })],
  ])('isPassing() holds %s for passing', (_, error) => {
    expect(isPassing(error)).toBe(true);
  });

  it.each([
    ['a denial', awsError('AccessDeniedException', DENIED, { $fault: 'client' })],
    ['credentials that have expired', awsError('ExpiredTokenException', 'expired', { $fault: 'client' })],
    ['no credentials', awsError('CredentialsProviderError', 'Could not load credentials', {})],
    ['a bug', new TypeError('x is not a function')],
    ['no error at all', 'text'],
  ])('isPassing() does not hold %s for passing', (_, error) => {
    expect(isPassing(error)).toBe(false);
  });
});
