import { describe, expect, it } from 'vitest';
import { createLogFilters } from '#test/e2e/gateway/log-filters.ts';
import type { RawReply, RawRequest } from '#test/e2e/gateway/raw-request.ts';
import type { Upstream } from '#test/e2e/gateway/upstream.ts';

const GROUP = '/aws/api-gateway/orders-api';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:ingest';

/** An emulator with one log group, and one function that CloudWatch Logs may invoke if `principal` says so. */
function upstreamWith(principal: string): Upstream {
  const Policy = JSON.stringify({ Statement: [{ Principal: { Service: principal } }] });
  return {
    forward: async () => 'drop',
    call: async (service) =>
      JSON.stringify(service === 'logs' ? { logGroups: [{ logGroupName: GROUP }] } : { Policy }),
  };
}

function request(body: object): RawRequest {
  return { method: 'POST', path: '/', headers: {}, body: Buffer.from(JSON.stringify(body)) };
}

function filter(changes: object = {}): RawRequest {
  const wanted = { logGroupName: GROUP, filterName: 'one', filterPattern: '', destinationArn: FUNCTION };
  return request({ ...wanted, ...changes });
}

function codeOf(reply: RawReply): string {
  if (typeof reply === 'string') return reply;
  const { __type = 'OK' } = JSON.parse(reply.body.toString('utf8')) as { __type?: string };
  return `${reply.status} ${__type}`;
}

describe('createLogFilters()', () => {
  it.each([
    ['every line', {}, '200 OK'],
    ['phrases', { filterPattern: '?"Execution failed" ?"exceeded throttle"' }, '200 OK'],
    [
      'a pattern that is not evaluated here',
      { filterPattern: '{ $.status = 5* }' },
      '400 InvalidParameterException',
    ],
    ['a group that does not exist', { logGroupName: '/other' }, '400 ResourceNotFoundException'],
    [
      'a destination that is no function',
      { destinationArn: 'arn:aws:kinesis:x' },
      '400 InvalidParameterException',
    ],
  ])('createLogFilters() answers a filter for %s', async (_, changes, expected) => {
    const filters = createLogFilters(upstreamWith('logs.amazonaws.com'));

    expect(codeOf(await filters.put(filter(changes)))).toBe(expected);
  });

  it('createLogFilters() refuses a function that CloudWatch Logs may not invoke', async () => {
    const filters = createLogFilters(upstreamWith('events.amazonaws.com'));

    expect(codeOf(await filters.put(filter()))).toBe('400 InvalidParameterException');
    expect(filters.of(GROUP)).toEqual([]);
  });

  it('createLogFilters() takes two filters for a group, and the same one again', async () => {
    const filters = createLogFilters(upstreamWith('logs.amazonaws.com'));

    expect(codeOf(await filters.put(filter()))).toBe('200 OK');
    expect(codeOf(await filters.put(filter({ filterName: 'two' })))).toBe('200 OK');
    expect(codeOf(await filters.put(filter({ filterName: 'three' })))).toBe('400 LimitExceededException');
    expect(codeOf(await filters.put(filter({ filterPattern: '?"a"' })))).toBe('200 OK');
    expect(filters.of(GROUP).map(({ filterName }) => filterName)).toEqual(['two', 'one']);
  });

  it('createLogFilters() removes a filter once', async () => {
    const filters = createLogFilters(upstreamWith('logs.amazonaws.com'));
    await filters.put(filter());
    const removal = request({ logGroupName: GROUP, filterName: 'one' });

    expect(codeOf(await filters.remove(removal))).toBe('200 OK');
    expect(codeOf(await filters.remove(removal))).toBe('400 ResourceNotFoundException');
  });
});
