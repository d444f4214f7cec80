import fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  EXECUTION_FILTER_PATTERN,
  parseExecutionLine,
} from '#shared/domain/logs/execution/execution-line.ts';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';
import { type CountedCauses, countExecutionCauses } from '#shared/domain/metrics/count-execution-causes.ts';
import { hostileText } from '#test/fakes/arbitraries.ts';
import { executionEnvelope, executionEvent } from '#test/fakes/execution-log-envelope.ts';
import { FAILURE_TEXTS, OTHER_TEXTS } from '#test/fakes/execution-log-lines.ts';
import { matchesFilterPattern } from '#test/fakes/filter-pattern.ts';

const START_MS = Date.UTC(2026, 2, 16, 12);
const RECEIVED_MS = START_MS + 300_000;

const text = fc.constantFrom(...FAILURE_TEXTS.map(([failure]) => failure), ...OTHER_TEXTS);

/** Lines of a few requests within a few minutes, in any order; some without request id. */
const events: fc.Arbitrary<LogEvent[]> = fc
  .array(
    fc.record({
      prefix: fc.constantFrom('(a) ', '(b) ', '(c) ', '(d=) ', 'Thu Aug 31 01:07:25 UTC 2017 : '),
      text,
      offsetMs: fc.integer({ min: 0, max: 200_000 }),
    }),
    { maxLength: 40 },
  )
  .map((lines) =>
    lines.map(({ prefix, text: rest, offsetMs }, index) =>
      executionEvent(index, prefix + rest, START_MS + offsetMs),
    ),
  );

function count(logEvents: readonly LogEvent[]): CountedCauses {
  return countExecutionCauses(executionEnvelope(logEvents), RECEIVED_MS);
}

/** Counts as sorted text: `minute cause`, one for each request. */
function requestsOf(...counted: readonly CountedCauses[]): string {
  const all = counted.flatMap(({ minutes }) =>
    [...minutes].flatMap(([minuteMs, causes]) =>
      [...causes].flatMap(([cause, requests]) => Array<string>(requests).fill(`${minuteMs} ${cause}`)),
    ),
  );
  return all.sort().join('\n');
}

const requestOf = ({ id, message }: LogEvent): string => parseExecutionLine(message)?.requestId ?? id;

describe('countExecutionCauses()', () => {
  it('countExecutionCauses() gives the same for any order of the lines', () => {
    fc.assert(
      fc.property(
        events.chain((some) =>
          fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
        ),
        ([some, shuffled]) => requestsOf(count(some)) === requestsOf(count(shuffled)),
      ),
    );
  });

  it('countExecutionCauses() of an envelope is the union of those of its requests', () => {
    fc.assert(
      fc.property(events, (some) => {
        const ids = [...new Set(some.map(requestOf))];
        const parts = ids.map((id) => count(some.filter((event) => requestOf(event) === id)));
        return requestsOf(count(some)) === requestsOf(...parts);
      }),
    );
  });

  it('countExecutionCauses() counts every request once that has a line with a cause, and every other line as a reject', () => {
    fc.assert(
      fc.property(events, (some) => {
        const { requests, rejected, minutes } = count(some);
        const failing = some.filter(({ message }) => parseExecutionLine(message) !== null);
        const counted = [...minutes.values()].flatMap((causes) => [...causes.values()]);
        return (
          requests === new Set(failing.map(requestOf)).size &&
          requests === counted.reduce((sum, value) => sum + value, 0) &&
          (rejected.unclassified?.count ?? 0) === some.length - failing.length
        );
      }),
    );
  });

  it('countExecutionCauses() gives the same when every line came twice', () => {
    fc.assert(
      fc.property(events, (some) => requestsOf(count([...some, ...some])) === requestsOf(count(some))),
    );
  });
});

describe('parseExecutionLine()', () => {
  it('parseExecutionLine() finds no cause in a line that the filter pattern keeps back', () => {
    const line = fc
      .tuple(
        fc.constantFrom('', '(a) ', '2017-06-05T13:57:47.369Z (a) '),
        fc.oneof(text, hostileText),
        hostileText,
      )
      .map((parts) => parts.join(''));

    fc.assert(
      fc.property(
        line,
        (message) =>
          parseExecutionLine(message) === null || matchesFilterPattern(EXECUTION_FILTER_PATTERN, message),
      ),
    );
  });

  it('parseExecutionLine() is not changed by what follows the words of a line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FAILURE_TEXTS), hostileText, ([failure, cause], rest) => {
        return parseExecutionLine(`(a) ${failure} ${rest}`)?.cause === cause;
      }),
    );
  });
});
