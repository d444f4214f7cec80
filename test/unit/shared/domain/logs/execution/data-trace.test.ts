import { describe, expect, it } from 'vitest';
import { isDataTrace } from '#shared/domain/logs/execution/data-trace.ts';

describe('isDataTrace()', () => {
  it.each([
    '(a) Method request query string: {}',
    '2017-06-05T13:57:47.369Z (a) Method request headers: {a=b}',
    'Thu Aug 31 01:07:25 UTC 2017 : Endpoint response body before transformations: {"a":1}',
    '(a) Authorizer result body before parsing: {}',
  ])('isDataTrace() is true for %s', (message) => {
    expect(isDataTrace(message)).toBe(true);
  });

  it.each([
    '(a) HTTP Method: GET, Resource Path: /Method request headers: {}',
    '(a) Sending request to https://example.com',
    '(a) x Method request headers: {a=b}',
    'Method completed with status: 200',
    '',
  ])('isDataTrace() is false for %j', (message) => {
    expect(isDataTrace(message)).toBe(false);
  });
});
