import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFileSource } from '#cli/input/read-log-file.ts';
import type { SourceEvent } from '#cli/input/source-event.ts';
import { ACCESS_LOG_GROUP, payload, subscriptionEvent } from '#test/fakes/subscription-payloads.ts';
import { useTempFolder } from '#test/fakes/temp-folder.ts';

const FIRST = payload(['one', 'two'], { batch: 1, timestamp: 1_772_445_600_000 });
const SECOND = payload(['three'], { batch: 2, logGroup: '/aws/api-gateway/users' });
const CONTROL = { ...payload(['CWL CONTROL MESSAGE: Checking health']), messageType: 'CONTROL_MESSAGE' };
const json = (value: unknown): string => JSON.stringify(value);

type Outcome = { readonly events: SourceEvent[]; readonly problems: string[]; readonly file: string };

async function read(content: string | Uint8Array): Promise<Outcome> {
  const file = useTempFolder().write('payloads.json', content);
  const events: SourceEvent[] = [];
  const problems: string[] = [];
  const watch = { onRead: () => {}, onProblem: (words: string) => problems.push(words) };
  for await (const event of createFileSource({ name: file, bytes: null }).read(watch)) events.push(event);
  return { events, problems, file };
}

function textsOf({ events }: Outcome): string[] {
  return events.map(({ text }) => text);
}

describe('createFileSource() of subscription payloads', () => {
  it('createFileSource() gives their events with file, line, id, time, group and stream', async () => {
    const { events, problems, file } = await read(`${json(FIRST)}\n${json(SECOND)}\n`);

    expect(problems).toEqual([]);
    expect(events[1]).toEqual({
      source: file,
      line: 1,
      eventId: FIRST.logEvents[1]?.id,
      text: 'two',
      timestampMs: 1_772_445_600_000,
      logGroup: ACCESS_LOG_GROUP,
      logStream: 'f'.repeat(32),
      payload: 1,
    });
    expect(events[2]).toMatchObject({
      line: 2,
      text: 'three',
      logGroup: '/aws/api-gateway/users',
      payload: 2,
    });
  });

  it.each([
    ['packed', `${json(subscriptionEvent(FIRST))}\n${json(subscriptionEvent(SECOND))}`],
    ['indented', JSON.stringify(FIRST, null, 2) + JSON.stringify(subscriptionEvent(SECOND), null, 2)],
    ['one after the other', json(FIRST) + json(SECOND)],
    ['one after the other, in gzip', gzipSync(json(FIRST) + json(SECOND))],
    [
      'in a gzip member each, as Firehose writes them',
      Buffer.concat([gzipSync(json(FIRST)), gzipSync(json(SECOND))]),
    ],
    ['beside control messages', [CONTROL, FIRST, CONTROL, SECOND].map(json).join('\n')],
    ['with an empty one', [{ ...FIRST, logEvents: [] }, FIRST, SECOND].map(json).join('\n')],
  ])('createFileSource() gives the events of payloads that are %s', async (_, content) => {
    const outcome = await read(content);

    expect(outcome.problems).toEqual([]);
    expect(textsOf(outcome)).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['no base64', json({ awslogs: { data: '?!' } }), 'awslogs.data is not base64 of gzip, or is cut'],
    ['no gzip', json({ awslogs: { data: 'cGxhaW4=' } }), 'awslogs.data is not base64 of gzip, or is cut'],
    [
      'gzip that is cut',
      json({ awslogs: { data: subscriptionEvent(FIRST).awslogs.data.slice(0, 60) } }),
      'awslogs.data is not base64 of gzip, or is cut',
    ],
    ['without data', json({ awslogs: {} }), 'awslogs.data is missing'],
    ['null', '{"awslogs":null}', 'awslogs.data is missing'],
    ['cut', json(FIRST).slice(0, -20), 'it is cut'],
    ['no JSON', '{"messageType":"DATA_MESSAGE",}', 'payload is not a JSON object'],
    ['without events', json({ ...FIRST, logEvents: undefined }), 'logEvents is missing'],
    ['without a group', json({ ...FIRST, logGroup: undefined }), 'logGroup is missing'],
    [
      'with an event that has no id',
      json({ ...FIRST, logEvents: [{ timestamp: 1, message: 'secret' }] }),
      'an event lacks id, timestamp or message',
    ],
  ])(
    'createFileSource() names file, line and reason for a payload that is %s, and reads the others',
    async (_, bad, reason) => {
      const outcome = await read([json(FIRST), bad, json(SECOND)].join('\n'));

      expect(textsOf(outcome)).toEqual(['one', 'two', 'three']);
      expect(outcome.problems).toEqual([`${outcome.file}: the payload at line 2 cannot be read: ${reason}`]);
    },
  );

  it('createFileSource() counts the payloads that cannot be read after the first', async () => {
    const bad = json({ awslogs: {} });

    const { problems, file } = await read([json(FIRST), bad, bad, bad].join('\n'));

    expect(problems).toEqual([
      `${file}: the payload at line 2 cannot be read: awslogs.data is missing`,
      `${file}: 2 more payloads cannot be read`,
    ]);
  });

  it.each([1e300, -1, 1.5])('createFileSource() takes %d for no time', async (timestamp) => {
    const [event] = FIRST.logEvents;

    const { events } = await read(json({ ...FIRST, logEvents: [{ ...event, timestamp }] }));

    expect(events.map(({ timestampMs }) => timestampMs)).toEqual([null]);
  });

  it('createFileSource() gives the lines of a log in which a client wrote a payload as they are', async () => {
    const line = json({ requestId: '1', status: '200', userAgent: json(FIRST) });

    const { events } = await read(`${line}\n${json(FIRST)}\n`);

    expect(events.map(({ text, logGroup }) => ({ text, logGroup }))).toEqual([
      { text: line, logGroup: null },
      { text: json(FIRST), logGroup: null },
    ]);
  });
});
