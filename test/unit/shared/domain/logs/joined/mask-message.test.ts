import { describe, expect, it } from 'vitest';
import { maskMessage } from '#shared/domain/logs/joined/mask-message.ts';

const ARN = 'arn:aws:sts::123456789012:assumed-role/app/ms-smith';

describe('maskMessage()', () => {
  it.each([
    'Too Many Requests',
    'Missing Authentication Token',
    'Network error communicating with endpoint',
    'There was an error evaluating the AWS WAF rules associated with this API',
    'User is not authorized to access this resource with an explicit deny',
    "The request for the IAM Authorizer doesn't match the format that API Gateway expects.",
  ])('maskMessage() leaves what is API Gateway’s own: %s', (message) => {
    expect(maskMessage(message)).toBe(message);
  });

  it.each([
    [
      `User: ${ARN} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:a1b2c3/prod/GET/orders/17 with an explicit deny`,
      'User: … is not authorized to perform: execute-api:Invoke on resource: … with an explicit deny',
    ],
    [
      "'s3cret' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer s3cret'.",
      '… not a valid key=value pair (missing equal-sign) in Authorization header: …',
    ],
    [
      "Invalid key=value pair (missing equal-sign) in Authorization header: 'Bearer s3cr",
      'Invalid key=value pair (missing equal-sign) in Authorization header: …',
    ],
    [
      'Invalid key=value pair (missing equal-sign) in Authorization header: Bearer the request is expired',
      'Invalid key=value pair (missing equal-sign) in Authorization header: …',
    ],
    ['Missing required request parameters: [card-of-smith]', 'Missing required request parameters: …'],
    ['object has missing required properties (["the request"])', 'object has missing required properties …'],
    [
      'The Lambda function returned the following error: boom at 17. Check your Lambda function code and try again.',
      'The Lambda function returned the following error: … Check your Lambda function code and try again.',
    ],
    ['eyJhbGciOiJIUzI1NiJ9.e30.x', '…'],
    ['x\ty\nz', '…'],
    ['', ''],
  ])('maskMessage() masks what others wrote in %j', (message, masked) => {
    expect(maskMessage(message)).toBe(masked);
  });

  it('maskMessage() takes time that grows with the length, and reads no more than a message has', () => {
    for (const text of ['"', "'", ' header: ', '(', 'the ']) {
      expect(maskMessage(text.repeat(1_000_000)).length).toBeLessThanOrEqual(1_100);
    }
  });
});
