import { explainAwsError } from '#cli/aws-errors.ts';
import { UsageError } from '#cli/errors.ts';
import type { EventSource, SourceEvent, Watch } from '#cli/input/source-event.ts';
import type { ReadLogEvents, TimeRange } from '#shared/application/ports.ts';

/** A group's share of a progress bar: as much as a file for which one is shown. How much it holds nobody knows. */
const SIZE = 20_000_000;

/** Where and when to read. */
export type LogGroupReading = {
  readonly readLogEvents: ReadLogEvents;
  readonly region: string;
  readonly range: TimeRange;
};

/** Says who needs which permission; setup's do not include this one. */
const PERMISSION = 'docs/replay.md has the policy that is needed';

function explain(group: string, region: string, lastEventId: string | null, cause: unknown): unknown {
  const place = lastEventId === null ? '' : ` after event ${lastEventId}`;
  const isMissing = cause instanceof Error && cause.name === 'ResourceNotFoundException';
  if (isMissing)
    return new UsageError(`log group ${group}: there is none in ${region}; is it the right --region?`, {
      cause,
    });
  const explained = explainAwsError(cause, PERMISSION);
  if (!(explained instanceof UsageError)) return cause;
  return new UsageError(`log group ${group}: cannot be read${place}: ${explained.message}`, { cause });
}

/** Tells how far the log's own time has come, which is all that tells how much is left. */
function createReached({ fromMs, toMs }: TimeRange, onRead: Watch['onRead']): (reachedMs: number) => void {
  let told = 0;
  return (reachedMs) => {
    const done = Math.floor((SIZE * (Math.min(reachedMs, toMs) - fromMs)) / (toMs - fromMs));
    if (done <= told) return;
    onRead(done - told);
    told = done;
  };
}

async function* readLogGroup(
  source: string,
  { readLogEvents, region, range }: LogGroupReading,
  { onRead }: Watch,
): AsyncGenerator<SourceEvent> {
  const reached = createReached(range, onRead);
  const place = { source, line: null, logGroup: source, payload: null };
  let lastEventId: string | null = null;
  try {
    for await (const page of readLogEvents(source, range)) {
      for (const { id: eventId, timestamp: timestampMs, message: text, logStream } of page) {
        lastEventId = eventId;
        yield { ...place, eventId, timestampMs, text, logStream };
      }
      reached(page.at(-1)?.timestamp ?? range.fromMs);
    }
    reached(range.toMs);
  } catch (error) {
    throw explain(source, region, lastEventId, error);
  }
}

/**
 * A log group of CloudWatch Logs as a source of events.
 *
 * @param reading - With a range that is not empty
 */
export function createLogGroupSource(name: string, reading: LogGroupReading): EventSource {
  return {
    name,
    kind: 'log-group',
    size: SIZE,
    canReadTwice: false,
    read: (watch) => readLogGroup(name, reading, watch),
  };
}
