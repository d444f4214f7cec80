import { type ExecutionStory, tellStory } from '#shared/domain/logs/stories/execution-story.ts';
import { createIdIndex, type IdIndex } from '#shared/domain/logs/stories/id-index.ts';
import { addStoryLine, createOpenStory, type OpenStory } from '#shared/domain/logs/stories/open-story.ts';
import {
  type ExecutionEvent,
  type ReadEvent,
  readStoryLine,
} from '#shared/domain/logs/stories/read-story-line.ts';
import { createRecencyQueue, type RecencyQueue } from '#shared/domain/logs/stories/recency-queue.ts';
import { createRecentIds, type RecentIds } from '#shared/domain/logs/stories/recent-ids.ts';
import { DEFAULT_STORY_LIMITS, type StoryLimits } from '#shared/domain/logs/stories/story-limits.ts';
import {
  advanceRun,
  createStoryRun,
  type StoryRun,
  startsNewRun,
} from '#shared/domain/logs/stories/story-run.ts';
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
  /** Tells the stories of the requests with an id, plain or extended, for one that knows that they are over. */
  readonly take: (id: string) => ExecutionStory[];
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
  /** The first that a line named: of two, no one knows whose story it is. */
  extendedRequestId: string | null;
};

type State = {
  readonly limits: StoryLimits;
  readonly open: RecencyQueue<Entry>;
  /** The open stories by the ids of their request. */
  readonly byId: IdIndex;
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
function close(
  state: State,
  key: string,
  { story, extendedRequestId }: Entry,
  isWhole: boolean,
): ExecutionStory {
  state.open.remove(key);
  for (const id of [story.requestId, extendedRequestId]) if (id !== null) state.byId.remove(id, key);
  state.openLines -= story.eventIds.size;
  return tellStory(story, isWhole);
}

/** A request that has the id of one told long ago is another one. */
function isLate({ told, limits }: State, key: string, timestampMs: number | null): boolean {
  const endedAtMs = told.get(key);
  if (endedAtMs === undefined) return false;
  return endedAtMs === null || timestampMs === null || Math.abs(timestampMs - endedAtMs) <= limits.maxAgeMs;
}

function touch(state: State, key: string, { requestId, stage, facts }: ReadEvent): Entry {
  const entry = state.open.get(key) ?? {
    story: createOpenStory(requestId, stage),
    run: createStoryRun(),
    touchedAtMs: 0,
    extendedRequestId: null,
  };
  entry.touchedAtMs = state.newestMs;
  entry.extendedRequestId ??= facts.extendedRequestId ?? null;
  for (const id of [requestId, entry.extendedRequestId]) if (id !== null) state.byId.add(id, key);
  state.open.touch(key, entry);
  return entry;
}

/** Why the oldest story is told now; `null` while it may stay. */
function reasonToTell({ open, openLines, newestMs, limits }: State, oldest: Entry): 'age' | 'room' | null {
  if (newestMs - oldest.touchedAtMs > limits.maxAgeMs) return 'age';
  return open.size() > limits.maxOpenStories || openLines > limits.maxOpenLines ? 'room' : null;
}

/** Tells a story, and remembers that it is told. */
function tell(state: State, key: string, entry: Entry, isWhole: boolean): ExecutionStory {
  if (entry.story.requestId !== null) state.told.set(key, entry.story.endedAtMs);
  return close(state, key, entry, isWhole);
}

function tellOldest(state: State): ExecutionStory[] {
  const stories: ExecutionStory[] = [];
  for (let oldest = state.open.oldest(); oldest !== undefined; oldest = state.open.oldest()) {
    const [key, entry] = oldest;
    const reason = reasonToTell(state, entry);
    if (reason === null) break;
    stories.push(tell(state, key, entry, reason === 'age'));
  }
  return stories;
}

/** An id has a story for each log group, or for each id that a hostile log gives one extended id. */
const MAX_TAKEN = 50;

function takeStories(state: State, id: string): ExecutionStory[] {
  return state.byId.keysOf(id, MAX_TAKEN).flatMap((key) => {
    const entry = state.open.get(key);
    return entry === undefined ? [] : [tell(state, key, entry, true)];
  });
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
    byId: createIdIndex(),
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
    take: (id) => takeStories(state, id),
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
