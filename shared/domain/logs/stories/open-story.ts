import type { StageId } from '#shared/domain/inventory/stage.ts';
import type { ExecutionFacts } from '#shared/domain/logs/execution/execution-facts.ts';
import { type LineFailure, moreSpecificLine } from '#shared/domain/logs/execution/execution-line.ts';

/** One line of a story, read. */
export type StoryLine = {
  /** Unique among all lines. */
  readonly eventId: string;
  /** Epoch milliseconds; `null` where nothing tells. */
  readonly timestampMs: number | null;
  readonly facts: ExecutionFacts;
  /** What it tells about a failure; `null` for most lines. */
  readonly failure: LineFailure | null;
  readonly isTruncated: boolean;
};

/** A fact, and the line that it is from. */
type KeptFact = { readonly value: unknown; readonly line: Pick<StoryLine, 'eventId' | 'timestampMs'> };

/** A request of which lines may still come. Neither the order of its lines nor their repetition changes it. */
export type OpenStory = {
  readonly requestId: string | null;
  /** The stage that the log group is named after. */
  readonly stage: StageId | null;
  readonly eventIds: Set<string>;
  readonly facts: Map<keyof ExecutionFacts, KeptFact>;
  failure: LineFailure | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
  truncatedLines: number;
  /** Lines of two requests under one id: a client may choose the id of its request. */
  isMixed: boolean;
};

/** Facts about the answer: an authorizer is called before the integration, so the last line tells. */
const LAST_COUNTS: ReadonlySet<keyof ExecutionFacts> = new Set([
  'status',
  'responseStatus',
  'responseType',
  'integrationStatus',
  'integrationLatencyMs',
  'endpointRequestId',
  'lambdaRequestId',
  'lambdaStatus',
] as const);

/** A story without lines. */
export function createOpenStory(requestId: string | null, stage: StageId | null): OpenStory {
  return {
    requestId,
    stage,
    eventIds: new Set(),
    facts: new Map(),
    failure: null,
    startedAtMs: null,
    endedAtMs: null,
    truncatedLines: 0,
    isMixed: false,
  };
}

/** By time, then by id: ids of one stream have one length and grow, and numbers of lines grow in length first. */
function isBefore(a: KeptFact['line'], b: KeptFact['line']): boolean {
  const [aMs, bMs] = [a.timestampMs ?? 0, b.timestampMs ?? 0];
  if (aMs !== bMs) return aMs < bMs;
  if (a.eventId.length !== b.eventId.length) return a.eventId.length < b.eventId.length;
  return a.eventId < b.eventId;
}

function keepFact(story: OpenStory, name: keyof ExecutionFacts, fact: KeptFact): void {
  const known = story.facts.get(name);
  if (name === 'extendedRequestId' && known !== undefined && known.value !== fact.value) story.isMixed = true;
  const isKept = known === undefined || isBefore(fact.line, known.line) !== LAST_COUNTS.has(name);
  if (isKept) story.facts.set(name, fact);
}

/** Adds a line that the story does not have yet. */
export function addStoryLine(story: OpenStory, line: StoryLine): void {
  const { eventId, timestampMs, facts, failure } = line;
  const origin = { eventId, timestampMs };
  story.eventIds.add(eventId);
  for (const [name, value] of Object.entries(facts) as [keyof ExecutionFacts, unknown][]) {
    keepFact(story, name, { value, line: origin });
  }
  if (failure !== null) {
    story.failure = story.failure === null ? failure : moreSpecificLine(story.failure, failure);
  }
  if (timestampMs !== null) {
    story.startedAtMs = Math.min(story.startedAtMs ?? timestampMs, timestampMs);
    story.endedAtMs = Math.max(story.endedAtMs ?? timestampMs, timestampMs);
  }
  if (line.isTruncated) story.truncatedLines += 1;
}

/** The facts of all lines together. */
export function storyFacts({ facts }: OpenStory): ExecutionFacts {
  return Object.fromEntries([...facts].map(([name, { value }]) => [name, value])) as ExecutionFacts;
}
