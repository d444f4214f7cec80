import { UsageError } from '#cli/errors.ts';
import type { EventSource, SourceEvent, Watch } from '#cli/input/source-event.ts';
import { hasExecutionPrefix, kindOfLogGroup, type LogKind } from '#shared/domain/logs/joined/log-kind.ts';

/** It is read again, and then heard. */
const UNHEARD: Watch = { onRead: () => {}, onProblem: () => {} };

function kindOfEvent({ logGroup, text }: SourceEvent): LogKind {
  const kind = logGroup === null ? 'either' : kindOfLogGroup(logGroup);
  if (kind !== 'either') return kind;
  return hasExecutionPrefix(text) ? 'execution' : 'access';
}

/** The kind of a source's first line, by which the others are only presumed to be. */
async function kindOf(source: EventSource): Promise<LogKind> {
  if (source.kind === 'log-group') return kindOfLogGroup(source.name) === 'access' ? 'access' : 'execution';
  if (!source.canReadTwice) return 'access';
  try {
    for await (const event of source.read(UNHEARD)) return kindOfEvent(event);
  } catch (error) {
    // Told when it is read for its lines.
    if (!(error instanceof UsageError)) throw error;
  }
  return 'access';
}

/**
 * Puts sources of execution logs before the others, which then find their stories told, however many lines they have.
 * Else the order stays. What can be read only once is taken for access logs.
 */
export async function orderSources(sources: readonly EventSource[]): Promise<EventSource[]> {
  if (sources.length === 1) return [...sources];
  const kinds: LogKind[] = [];
  for (const source of sources) kinds.push(await kindOf(source));
  const ofKind = (kind: LogKind): EventSource[] => sources.filter((_, index) => kinds[index] === kind);
  return [...ofKind('execution'), ...ofKind('access')];
}
