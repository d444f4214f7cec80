import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventOf, parseLetter } from '#shared/config/dead-letter.ts';
import { batchLetter, parkedLetter, pointerLetter } from '#test/fakes/letters.ts';

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
});
