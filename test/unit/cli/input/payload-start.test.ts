import { describe, expect, it } from 'vitest';
import { holdsPayloads } from '#cli/input/payload-start.ts';
import { payload, subscriptionEvent } from '#test/fakes/subscription-payloads.ts';

const { owner, messageType, logEvents, ...others } = payload(['{"status":"200"}']);

describe('holdsPayloads()', () => {
  it.each([
    ['a subscription event', JSON.stringify(subscriptionEvent(payload(['x'])))],
    ['one that is indented', JSON.stringify(subscriptionEvent(payload(['x'])), null, 2)],
    [
      'an event in another document',
      JSON.stringify({ name: 'test', event: subscriptionEvent(payload(['x'])) }, null, 1),
    ],
    ['a payload', JSON.stringify(payload(['x']))],
    ['a payload that is indented', JSON.stringify(payload(['x']), null, '\t')],
    ['a payload in the order of Kinesis', JSON.stringify({ owner, ...others, messageType, logEvents })],
    ['a payload with sorted keys', JSON.stringify({ logEvents, ...others, messageType, owner })],
    ['a control message', '{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":""}'],
    ['a payload after a byte order mark and an empty line', `\uFEFF\r\n${JSON.stringify(payload(['x']))}`],
    ['what aws logs filter-log-events prints', '{\n    "events": [\n        {'],
    ['a payload that is cut', JSON.stringify(payload(['x'])).slice(0, 40)],
  ])('holdsPayloads() is true for %s', (_, text) => {
    expect(holdsPayloads(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['an access log', '{"requestId":"1","status":"200"}\n{"requestId":"2","status":"200"}'],
    ['an access log whose format has one of the keys', '{"owner":"orders-team","status":"200"}'],
    ['an access log with a message type of its own', '{"messageType":"access","status":"200"}'],
    ['an access log with a key of the event', '{"awslogs":"yes","status":"200"}'],
    [
      'an access log in which a client named the keys',
      '{"userAgent":"{\\"messageType\\":\\"DATA_MESSAGE\\""}',
    ],
    [
      'an access log with an event behind its first line',
      `{"status":"200"}\n${JSON.stringify({ event: subscriptionEvent(payload(['x'])) })}`,
    ],
    ['an access log with a key of the list', '{"events":"3","status":"200"}'],
    ['text before a payload', `exported\n${JSON.stringify(payload(['x']))}`],
    ['a CLF line', '1.2.3.4 - - [02/Mar/2026:10:00:00 +0000] "GET /awslogs HTTP/1.1" 200 3 id'],
  ])('holdsPayloads() is false for %s', (_, text) => {
    expect(holdsPayloads(text)).toBe(false);
  });
});
