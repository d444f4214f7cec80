import { describe, expect, it } from 'vitest';
import type { SourceEvent } from '#cli/input/source-event.ts';
import { createLineSorter } from '#cli/parse/sort-lines.ts';
import type { LogKind } from '#shared/domain/logs/joined/log-kind.ts';

const ACCESS = '{"requestId":"a","status":"200","requestTimeEpoch":"1772445600000"}';
const EXECUTION = '(00000000-0000-4000-8000-000000000001) Method completed with status: 200';
const BODY_BEGINS = '(00000000-0000-4000-8000-000000000001) Method request body before transformations: {';

type Told = Partial<SourceEvent> & { readonly text: string };

/** What becomes of each line: `request`, `execution`, or a reason, with the number of the line. */
function sort(lines: readonly Told[], kind: LogKind | null = null): string[] {
  const sorted: string[] = [];
  const sorter = createLineSorter('log', kind, {
    onRequest: (_, { line }) => sorted.push(`request ${line}`),
    onExecution: ({ message }, { line }) =>
      sorted.push(`execution ${line}${message.includes('\n') ? ` of ${message.split('\n').length}` : ''}`),
    onReject: (reason, { line }) => sorted.push(`${reason} ${line}`),
  });
  for (const [index, told] of lines.entries()) {
    sorter.take({
      source: 'log',
      line: index + 1,
      eventId: null,
      timestampMs: null,
      logGroup: null,
      logStream: null,
      payload: null,
      ...told,
    });
  }
  sorter.end();
  return sorted;
}

function sortTexts(texts: readonly string[], kind: LogKind | null = null): string[] {
  return sort(
    texts.map((text) => ({ text })),
    kind,
  );
}

function sortEvents(texts: readonly string[], logGroup: string, kind: LogKind | null = null): string[] {
  return sort(
    texts.map((text, index) => ({ text, logGroup, eventId: String(index), payload: 1 })),
    kind,
  );
}

describe('createLineSorter()', () => {
  it('createLineSorter() tells each line of a file by itself, in their order', () => {
    expect(sortTexts([ACCESS, EXECUTION, 'garbage', ACCESS, EXECUTION, ACCESS])).toEqual([
      'request 1',
      'unknown-format 3',
      'execution 2',
      'request 4',
      'execution 5',
      'request 6',
    ]);
  });

  it('createLineSorter() knows the words of execution logs without anything before them', () => {
    expect(sortTexts(['AuthorizerConfigurationException'])).toEqual(['execution 1']);
  });

  it('createLineSorter() takes an access line in the body of an execution line for a part of it', () => {
    expect(sortTexts([BODY_BEGINS, ACCESS, '}', EXECUTION, ACCESS])).toEqual([
      'execution 1 of 3',
      'execution 4',
      'request 5',
    ]);
  });

  it('createLineSorter() loses no more access lines behind a body than a body is long', () => {
    const sorted = sortTexts([BODY_BEGINS, ...Array<string>(1_000).fill(ACCESS)]);

    expect(sorted.filter((each) => each.startsWith('request')).length).toBeGreaterThan(930);
  });

  it('createLineSorter() rejects lines of the kind that is not wanted', () => {
    expect(sortTexts([ACCESS, EXECUTION, 'garbage'], 'access')).toEqual([
      'request 1',
      'not-access-log 2',
      'unknown-format 3',
    ]);
    expect(sortTexts([EXECUTION, ACCESS, 'garbage', BODY_BEGINS, ACCESS], 'execution')).toEqual([
      'execution 1',
      'not-execution-log 2',
      'not-execution-log 3',
      'execution 4 of 2',
    ]);
  });

  it.each([
    ['API-Gateway-Execution-Logs_a1b2c3/prod', null, ['execution 1', 'execution 2']],
    ['API-Gateway-Execution-Logs_a1b2c3/prod', 'access', ['not-access-log 1', 'not-access-log 2']],
    ['/aws/apigateway/a1b2c3/prod', null, ['request 1', 'execution 2']],
    ['/aws/apigateway/a1b2c3/prod', 'access', ['request 1', 'not-access-log 2']],
    ['/aws/api-gateway/orders', null, ['request 1', 'unknown-format 2']],
    ['/aws/api-gateway/orders', 'execution', ['execution 1', 'execution 2']],
  ] as const)(
    'createLineSorter() tells events of %s with --kind %s by the name of their group',
    (group, kind, sorted) => {
      expect(sortEvents([ACCESS, EXECUTION], group, kind)).toEqual(sorted);
    },
  );
});
