import { describe, expect, it } from 'vitest';
import { UsageError } from '#cli/errors.ts';
import type { EventSource, SourceEvent } from '#cli/input/source-event.ts';
import { orderSources } from '#cli/parse/order-sources.ts';

const ACCESS = '{"requestId":"a","status":"200"}';
const EXECUTION = '(00000000-0000-4000-8000-000000000001) Method completed with status: 200';

function source(name: string, read: () => readonly Partial<SourceEvent>[], canReadTwice = true): EventSource {
  const nothing = {
    source: name,
    line: 1,
    eventId: null,
    timestampMs: null,
    logGroup: null,
    logStream: null,
  };
  return {
    name,
    kind: 'file',
    size: 1,
    canReadTwice,
    read: async function* () {
      for (const event of read()) yield { ...nothing, payload: null, text: '', ...event };
    },
  };
}

const file = (name: string, text: string) => source(name, () => [{ text }]);
const namesOf = (sources: readonly EventSource[]) => sources.map(({ name }) => name);

describe('orderSources()', () => {
  it('orderSources() puts execution logs first, and else keeps the order', async () => {
    const sources = [file('a', ACCESS), file('e1', EXECUTION), file('b', ACCESS), file('e2', EXECUTION)];

    expect(namesOf(await orderSources(sources))).toEqual(['e1', 'e2', 'a', 'b']);
  });

  it('orderSources() tells payloads and log groups by the name of the group', async () => {
    const logGroup = 'API-Gateway-Execution-Logs_a1b2c3/prod';
    const unread = () => {
      throw new Error('It was read');
    };
    const sources: EventSource[] = [
      file('a', ACCESS),
      source('payloads', () => [{ text: ACCESS, logGroup }]),
      { ...source('/aws/api-gateway/orders', unread, false), kind: 'log-group' },
      { ...source(logGroup, unread, false), kind: 'log-group' },
    ];

    expect(namesOf(await orderSources(sources))).toEqual([
      'payloads',
      logGroup,
      'a',
      '/aws/api-gateway/orders',
    ]);
  });

  it('orderSources() reads nothing of what can be read only once, or is alone', async () => {
    let reads = 0;
    const read = () => {
      reads += 1;
      return [{ text: EXECUTION }];
    };

    await orderSources([source('alone', read)]);
    const sources = await orderSources([file('a', ACCESS), source('-', read, false)]);

    expect(reads).toBe(0);
    expect(namesOf(sources)).toEqual(['a', '-']);
  });

  it('orderSources() leaves what cannot be read to those who read it', async () => {
    const sources = [
      source('bad', () => {
        throw new UsageError('bad: is binary');
      }),
      source('empty', () => []),
      file('e', EXECUTION),
    ];

    expect(namesOf(await orderSources(sources))).toEqual(['e', 'bad', 'empty']);
  });
});
