import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAlertEvent } from '#shared/config/alert-event.ts';
import { eventOf, parseLetter } from '#shared/config/dead-letter.ts';
import { batchLetter, parkedLetter, pointerLetter, undeliverableLetter } from '#test/fakes/letters.ts';

describe('parseLetter()', () => {
  it('parseLetter() tells function and kind of error of a failed invocation, and nothing of its content', () => {
    const letter = parseLetter(batchLetter());

    expect(letter).toEqual({
      kind: 'batch',
      functionName: 'gatewatch-prod-ingest-access-logs',
      reason: 'MetricDataNotTakenError',
    });
  });

  it('parseLetter() takes the condition for the reason where no response tells it', () => {
    const { responsePayload: _, ...record } = JSON.parse(batchLetter());

    expect(parseLetter(JSON.stringify(record))).toMatchObject({ reason: 'RetriesExhausted' });
    expect(parseLetter(JSON.stringify({ ...record, responsePayload: null }))).toMatchObject({
      reason: 'RetriesExhausted',
    });
  });

  it('parseLetter() takes no text for the name of an error', () => {
    expect(parseLetter(batchLetter('f', 'user=secret line'))).toMatchObject({ reason: 'RetriesExhausted' });
  });

  it('parseLetter() reads a pointer', () => {
    const pointer = JSON.parse(pointerLetter());

    expect(parseLetter(pointerLetter())).toEqual({
      kind: 'pointer',
      functionName: 'ingest-access-logs',
      reason: 'poison-plan-changed',
      pointer,
    });
  });

  it('parseLetter() reads what is kept of a refused message', () => {
    expect(parseLetter(undeliverableLetter())).toEqual({
      kind: 'undeliverable',
      functionName: 'dispatch-alerts',
      reason: 'channel_not_found',
      message: JSON.parse(undeliverableLetter()),
    });
  });

  it.each([
    ['HTTP 403', 'HTTP-403'],
    ['invalid_blocks', 'invalid_blocks'],
    ['no: such <word>', 'unknown'],
  ])('parseLetter() makes a reason of %j that can be given as an option', (reason, expected) => {
    expect(parseLetter(undeliverableLetter({ reason })).reason).toBe(expected);
  });

  it('parseLetter() reads parked metric data', () => {
    expect(parseLetter(parkedLetter())).toEqual({
      kind: 'parked',
      functionName: 'send-parked-metrics',
      reason: 'not-taken',
    });
  });

  it.each([
    '',
    'text',
    'null',
    '[]',
    '{}',
    '{"requestContext":{}}',
    pointerLetter({ schemaVersion: 2 as 1 }),
    undeliverableLetter({ schemaVersion: 2 as 1 }),
    undeliverableLetter({ storyKey: '' }),
  ])('parseLetter() returns unknown for %s', (body) => {
    expect(parseLetter(body).kind).toBe('unknown');
  });

  it('parseLetter() returns unknown for any other text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (body) => parseLetter(body).kind === 'unknown'));
  });
});

describe('eventOf()', () => {
  it('eventOf() gives back the event as the function got it', () => {
    expect(JSON.parse(eventOf(batchLetter()))).toEqual({ awslogs: { data: 'c2VjcmV0LWxpbmU=' } });
  });

  it('eventOf() makes an event that dispatch reads of a refused message', () => {
    const event = JSON.parse(eventOf(undeliverableLetter()));

    expect(parseAlertEvent(event)).toEqual({
      type: 'delivery.redriven',
      receiver: 'slack',
      storyKey: 'account|123456789012|us-east-1',
      incidentId: 'account|123456789012|us-east-1|2026-03-02T14:00:00.000Z',
    });
  });
});
