import fc from 'fast-check';
import { it } from 'vitest';
import { parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { toLogEventList } from '#shared/domain/logs/payload/log-events.ts';
import { scanPayload } from '#shared/domain/logs/payload/scan-payload.ts';
import { withEvents } from '#test/fakes/log-events.ts';

const HEAD = { messageType: 'DATA_MESSAGE', owner: '1', logGroup: '/orders', logStream: 'a' };

/** Texts that look like parts of a payload, and those that JSON has to escape. */
const piece = fc.constantFrom(
  '"',
  '\\',
  '}',
  ']',
  ',',
  '},{"id":"',
  '"logEvents":[',
  '","timestamp":1',
  ',"message":"',
  '\n',
  'é',
  '👍',
  '\u2028',
  'a',
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const event = fc.record({ id: text, timestamp: fc.nat(), message: text });
const extended = fc.record({
  id: text,
  timestamp: fc.nat(),
  message: text,
  more: fc.oneof(text, fc.object()),
});
const anyEvents = fc.array(fc.oneof({ arbitrary: event, weight: 4 }, extended), { maxLength: 6 });
const head = fc.record({ owner: text, logGroup: text, logStream: text, subscriptionFilters: fc.array(text) });
const tail = fc.oneof(
  fc.constant({}),
  fc.dictionary(fc.constantFrom('z', 'logEventsToo', '"logEvents":['), text),
);

/** What `JSON.parse` makes of it. */
function parsed(json: string): string {
  const { owner, logGroup, logStream, logEvents } = JSON.parse(json);
  const plain = logEvents.map(({ id, timestamp, message }: Record<string, unknown>) => ({
    id,
    timestamp,
    message,
  }));
  return JSON.stringify({ kind: 'data', envelope: { owner, logGroup, logStream, logEvents: plain } });
}

it('parseEnvelope() reads what JSON.parse reads, whatever stands in the texts and around the events', () => {
  const indent = fc.constantFrom(undefined, 1);
  const property = fc.property(head, anyEvents, tail, indent, (first, logEvents, last, spaces) => {
    const json = JSON.stringify({ ...HEAD, ...first, logEvents, ...last }, null, spaces);

    return JSON.stringify(withEvents(parseEnvelope(Buffer.from(json)))) === parsed(json);
  });

  fc.assert(property, { numRuns: 2_000 });
});

it('parseEnvelope() does not take a list that lies deeper for the events', () => {
  const property = fc.property(fc.array(event), fc.array(event), (inner, logEvents) => {
    const json = JSON.stringify({ deep: { logEvents: inner }, ...HEAD, logEvents });
    const alone = JSON.stringify({ deep: { logEvents: inner }, ...HEAD });

    return (
      JSON.stringify(withEvents(parseEnvelope(Buffer.from(json)))) === parsed(json) &&
      JSON.stringify(parseEnvelope(Buffer.from(alone))) ===
        JSON.stringify({ kind: 'invalid', reason: 'logEvents is missing' })
    );
  });

  fc.assert(property);
});

it('scanPayload() scans what CloudWatch Logs writes, and needs no parser for it', () => {
  const id = fc.stringMatching(/^\d{56}$/);
  const real = fc.record({ id, timestamp: fc.nat({ max: 2_000_000_000_000 }), message: text });
  const property = fc.property(fc.array(real), (logEvents) => {
    const scanned = scanPayload(
      Buffer.from(JSON.stringify({ ...HEAD, subscriptionFilters: ['x'], logEvents })),
    );

    return scanned?.logEvents.count === logEvents.length && scanned.logEvents.packed !== null;
  });

  fc.assert(property);
});

/** The messages alone: of a key that damage has doubled, the first one counts here, and the last one for `JSON.parse`. */
function messagesOf(events: readonly { message: unknown }[]): string {
  return JSON.stringify(events.map(({ message }) => message));
}

it('parseEnvelope() never throws and reads no message that JSON.parse does not, however a payload is damaged', () => {
  const cut = fc.tuple(
    fc.nat(),
    fc.nat({ max: 3 }),
    fc.constantFrom('', '"', '\\', '}', '{', ']', ',', ':', 'x'),
  );
  const property = fc.property(head, anyEvents, cut, (first, logEvents, [at, removed, added]) => {
    const json = JSON.stringify({ ...HEAD, ...first, logEvents });
    const start = at % json.length;
    // Half of a surrogate pair is no text in UTF-8.
    const bytes = Buffer.from(`${json.slice(0, start)}${added}${json.slice(start + removed)}`);
    const damaged = bytes.toString('utf8');

    const result = parseEnvelope(bytes);

    if (result.kind !== 'data') return true;
    try {
      return (
        messagesOf(toLogEventList(result.envelope.logEvents)) === messagesOf(JSON.parse(damaged).logEvents)
      );
    } catch (error) {
      // The message is asked for only now, and there is none; nothing of it is in the error.
      return /^The message of event \d+ is no JSON text$/.test((error as Error).message);
    }
  });

  fc.assert(property, { numRuns: 3_000 });
});
