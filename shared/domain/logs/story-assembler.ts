import { type ExecutionStory, tellStory } from '#shared/domain/logs/execution-story.ts';
import { addStoryLine, createOpenStory, type OpenStory } from '#shared/domain/logs/open-story.ts';
import { type ExecutionEvent, type ReadEvent, readStoryLine } from '#shared/domain/logs/read-story-line.ts';
import { createRecencyQueue, type RecencyQueue } from '#shared/domain/logs/recency-queue.ts';
import { createRecentIds, type RecentIds } from '#shared/domain/logs/recent-ids.ts';
import { DEFAULT_STORY_LIMITS, type StoryLimits } from '#shared/domain/logs/story-limits.ts';
import { advanceRun, createStoryRun, type StoryRun, startsNewRun } from '#shared/domain/logs/story-run.ts';
import { addReject, type Rejects } from '#shared/domain/metrics/rejects.ts';

/**
 * Why an event is in no story. `repeated` came before; `late` is of a request whose story is told; `not-execution-log`
 * has neither prefix nor words of a line, or its log group is no execution log's.
 */
export type StoryRejectReason = 'not-execution-log' | 'repeated' | 'late';

/** Joins lines into stories. Within its limits neither order, repetition nor batches of the events change them. */
export type StoryAssembler = {
  /** @returns The stories that are told by now, in no order that matters */
  readonly add: (event: ExecutionEvent) => ExecutionStory[];
  /** Tells all other stories. */
  readonly flush: () => ExecutionStory[];
  /** Events that are in no story, with the id of the first of each kind. */
  readonly rejected: Rejects<StoryRejectReason>;
};

type Entry = {
  readonly story: OpenStory;
  /** Only of lines without request id. */
  readonly run: StoryRun;
  /** The newest time of all lines when the last one of this story came, epoch milliseconds. */
  touchedAtMs: number;
};

type State = {
  readonly limits: StoryLimits;
  readonly open: RecencyQueue<Entry>;
  /** When the last line of a told story was written, epoch milliseconds. */
  readonly told: RecentIds<number | null>;
  openLines: number;
  newestMs: number;
};

/** The same id may come from two stages, and a client may choose its own. Without id all depends on the order. */
function keyOf({ logGroup, stream }: ExecutionEvent, requestId: string | null): string {
  return requestId === null ? `stream ${stream}` : `request ${logGroup ?? ''} ${requestId}`;
}

/** Tells a story, of which no more is known after. */
function close(state: State, key: string, { story }: Entry, isWhole: boolean): ExecutionStory {
  state.open.remove(key);
  state.openLines -= story.eventIds.size;
  return tellStory(story, isWhole);
}

/** A request that has the id of one told long ago is another one. */
function isLate({ told, limits }: State, key: string, timestampMs: number | null): boolean {
  const endedAtMs = told.get(key);
  if (endedAtMs === undefined) return false;
  return endedAtMs === null || timestampMs === null || Math.abs(timestampMs - endedAtMs) <= limits.maxAgeMs;
}

function touch(state: State, key: string, { requestId, stage }: ReadEvent): Entry {
  const entry = state.open.get(key) ?? {
    story: createOpenStory(requestId, stage),
    run: createStoryRun(),
    touchedAtMs: 0,
  };
  entry.touchedAtMs = state.newestMs;
  state.open.touch(key, entry);
  return entry;
}

/** Why the oldest story is told now; `null` while it may stay. */
function reasonToTell({ open, openLines, newestMs, limits }: State, oldest: Entry): 'age' | 'room' | null {
  if (newestMs - oldest.touchedAtMs > limits.maxAgeMs) return 'age';
  return open.size() > limits.maxOpenStories || openLines > limits.maxOpenLines ? 'room' : null;
}

function tellOldest(state: State): ExecutionStory[] {
  const stories: ExecutionStory[] = [];
  for (let oldest = state.open.oldest(); oldest !== undefined; oldest = state.open.oldest()) {
    const [key, entry] = oldest;
    const reason = reasonToTell(state, entry);
    if (reason === null) break;
    if (entry.story.requestId !== null) state.told.set(key, entry.story.endedAtMs);
    stories.push(close(state, key, entry, reason === 'age'));
  }
  return stories;
}

function addLine(state: State, key: string, line: ReadEvent): ExecutionStory[] {
  state.newestMs = Math.max(state.newestMs, line.timestampMs ?? 0);
  const entry = touch(state, key, line);
  addStoryLine(entry.story, line);
  advanceRun(entry.run, line.facts);
  state.openLines += 1;
  const isFull = entry.story.eventIds.size >= state.limits.maxLinesPerStory;
  const full = isFull ? [close(state, key, entry, false)] : [];
  return [...full, ...tellOldest(state)];
}

/** Tells the run of lines without request id that another one follows on. */
function tellRun(state: State, key: string, { requestId, facts }: ReadEvent): ExecutionStory[] {
  const entry = requestId === null ? state.open.get(key) : undefined;
  return entry !== undefined && startsNewRun(entry.run, facts) ? [close(state, key, entry, true)] : [];
}

function addEvent(state: State, event: ExecutionEvent): ExecutionStory[] | StoryRejectReason {
  const line = readStoryLine(event);
  if (line === null) return 'not-execution-log';
  const key = keyOf(event, line.requestId);
  const known = state.open.get(key);
  if (known?.story.eventIds.has(event.id) === true) return 'repeated';
  if (known === undefined && isLate(state, key, line.timestampMs)) return 'late';
  return [...tellRun(state, key, line), ...addLine(state, key, line)];
}

/**
 * Makes an assembler. It never throws, whatever the text; what its limits cut short is marked as incomplete or counted.
 *
 * Trailers follow the final status and batches come in any order, so a story is told when no line has come for a while,
 * not when it seems to be over.
 */
export function createStoryAssembler(limits: StoryLimits = DEFAULT_STORY_LIMITS): StoryAssembler {
  const state: State = {
    limits,
    open: createRecencyQueue(),
    told: createRecentIds(limits.maxRememberedIds),
    openLines: 0,
    newestMs: 0,
  };
  const rejected: Rejects<StoryRejectReason> = {};
  return {
    add: (event) => {
      const told = addEvent(state, event);
      if (typeof told !== 'string') return told;
      addReject(rejected, told, event.id);
      return [];
    },
    flush: () => {
      const stories: ExecutionStory[] = [];
      for (let oldest = state.open.oldest(); oldest !== undefined; oldest = state.open.oldest()) {
        stories.push(close(state, ...oldest, true));
      }
      return stories;
    },
    rejected,
  };
}
