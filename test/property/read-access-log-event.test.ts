import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { it } from 'vitest';
import { factsOf, fieldsOf } from '#shared/domain/logs/access/access-log-facts.ts';
import { toCountedRequest } from '#shared/domain/logs/access/parse-access-log.ts';
import { createReadAccessLogEvent } from '#shared/domain/logs/access/read-access-log-event.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import { parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { type LogEvents, listLogEvents } from '#shared/domain/logs/payload/log-events.ts';

const KEYS = [
  'status',
  'requestTimeEpoch',
  'apiId',
  'stage',
  'responseLatency',
  'errorMessage',
  'message',
  'x',
  'é',
];

/** Values that API Gateway writes, and those at which a line has to be parsed, or its bytes decoded with care. */
const value = fc.constantFrom(
  ...[
    '200',
    '502',
    '-',
    '',
    '(none)',
    ' 200 ',
    '0200',
    '1780000000000',
    '1780000000',
    '26',
    '26.5',
    '1e3',
    'prod',
  ],
  ...[
    '$default',
    'a1b2c3',
    'Forbidden',
    '"',
    '\\',
    '\n',
    'é',
    '👍',
    '\u2028',
    '\u00a0-',
    '},{"id":"',
    '9'.repeat(16),
  ],
);

/** Lines of one format, now and then with a key more or a damaged end. */
const lines = fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1 }).chain((keys) =>
  fc.array(
    fc
      .tuple(
        fc.array(value, { minLength: keys.length, maxLength: keys.length }),
        fc.integer({ min: 0, max: 9 }),
      )
      .map(([values, oddity]) => {
        const fields = Object.fromEntries(keys.map((key, index) => [key, values[index]]));
        if (oddity === 0) return JSON.stringify({ ...fields, integration: { status: '200' } });
        if (oddity === 1) return JSON.stringify(fields).slice(0, -2);
        return oddity === 2 ? ` ${JSON.stringify(fields)}\n` : JSON.stringify(fields);
      }),
    { maxLength: 8 },
  ),
);

const TIMESTAMP_MS = 1_780_000_000_123;

function eventsOf(messages: readonly string[]): LogEvents {
  const logEvents = messages.map((message, id) => ({ id: String(id), timestamp: TIMESTAMP_MS, message }));
  const payload = { messageType: 'DATA_MESSAGE', owner: '1', logGroup: 'a', logStream: 'b', logEvents };
  const parsed = parseEnvelope(Buffer.from(JSON.stringify(payload)));
  if (parsed.kind !== 'data' || parsed.envelope.logEvents.packed === null) throw new Error('Not packed');
  return parsed.envelope.logEvents;
}

/** What is known of each event, asked for while it is the one that was read last. */
function readAll(events: LogEvents): unknown[] {
  const read = createReadAccessLogEvent(events);
  return Array.from({ length: events.count }, (_, place) => {
    const facts = read(place);
    return typeof facts === 'string'
      ? facts
      : {
          fields: fieldsOf(facts),
          isRepaired: facts.isRepaired,
          request: toCountedRequest(facts, events.timestamp(place)),
        };
  });
}

it('createReadAccessLogEvent() reads each line as it is read alone, wherever it stands and whatever was before it', () => {
  const property = fc.property(fc.array(lines, { maxLength: 4 }), (groups) => {
    const messages = groups.flat();

    const packed = readAll(eventsOf(messages));

    const alone = messages.map((message) => {
      const line = createReadAccessLogLine()(message);
      return typeof line === 'string'
        ? line
        : { ...line, request: toCountedRequest(factsOf(line), TIMESTAMP_MS) };
    });
    const listed = readAll(
      listLogEvents(messages.map((message, id) => ({ id: String(id), timestamp: TIMESTAMP_MS, message }))),
    );
    return isDeepStrictEqual(packed, alone) && isDeepStrictEqual(listed, alone);
  });

  fc.assert(property, { numRuns: 2_000 });
});
