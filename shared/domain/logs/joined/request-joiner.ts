import { joinRequest, type Match, matchRequest } from '#shared/domain/logs/joined/join-request.ts';
import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';
import {
  createStoryShelf,
  type ShelvedStory,
  type StoryShelf,
} from '#shared/domain/logs/joined/story-shelf.ts';
import { createRecentIds, type RecentIds } from '#shared/domain/logs/stories/recent-ids.ts';

/** What bounds the memory of a joiner. */
export type JoinLimits = {
  /** Requests of access lines that wait for execution lines; at least 1. One takes about 0.7 KB. */
  readonly maxWaitingRequests: number;
  /** Stories that wait for an access line; at least 1. One takes about 0.7 KB. */
  readonly maxWaitingStories: number;
};

/** For logs on one machine: some 80 MB at worst. */
const DEFAULT_JOIN_LIMITS: JoinLimits = { maxWaitingRequests: 5_000, maxWaitingStories: 100_000 };

/** How joining went. */
export type JoinCounts = {
  /** Requests that both kinds of lines tell of. */
  joined: number;
  /** Requests that might have been joined, if it were certain which lines belong together. */
  ambiguous: number;
  /** Requests and stories that were given away by themselves, for want of room. */
  unwaitedRequests: number;
  unwaitedStories: number;
};

/** Joins requests of access lines with those of execution lines, whichever come first. Access lines keep their order. */
export type RequestJoiner = {
  /** @returns What is known of requests by now, in no more than one step per request that came */
  readonly addRequest: (request: ParsedRequest) => ParsedRequest[];
  /** @param story - As execution lines tell it; with `isMixed` it is joined with nothing */
  readonly addStory: (story: ParsedRequest, isMixed: boolean) => ParsedRequest[];
  /** Gives all others: first those of access lines, then those that only execution lines tell. */
  readonly end: () => Iterable<ParsedRequest>;
  readonly counts: JoinCounts;
};

type State = {
  readonly shelf: StoryShelf;
  readonly counts: JoinCounts;
  /** How many of the newest requests have an id, those that wait no longer among them. */
  readonly claims: RecentIds<number>;
};

/** Each waiting request claims up to two ids, and of as many as are remembered half may be forgotten. */
const CLAIMS_PER_REQUEST = 4;

function idsOf({ requestId, extendedRequestId }: ParsedRequest): string[] {
  if (requestId === null || requestId === extendedRequestId)
    return extendedRequestId === null ? [] : [extendedRequestId];
  return extendedRequestId === null ? [requestId] : [requestId, extendedRequestId];
}

function claimsOf({ claims }: State, id: string | null): number {
  return id === null ? 0 : (claims.get(id) ?? 0);
}

/** A story that matches by its id alone may be that of another request, which has its extended id. */
function isClaimed(state: State, story: ParsedRequest, match: Match): boolean {
  return match === 'by-id' && claimsOf(state, story.extendedRequestId) > 0;
}

/** The one story that is the request's, by the extended id if it can be; `ambiguous` if nobody can tell. */
function choose(state: State, request: ParsedRequest): ShelvedStory | 'ambiguous' | null {
  const ways = [
    ['by-extended-id', request.extendedRequestId],
    ['by-id', request.requestId],
  ] as const;
  for (const [match, id] of ways) {
    if (id === null) continue;
    const [first, ...others] = state.shelf
      .find(id)
      .filter(({ story }) => matchRequest(request, story) === match && !isClaimed(state, story, match));
    if (first === undefined) continue;
    return others.length > 0 || claimsOf(state, id) > 1 ? 'ambiguous' : first;
  }
  return null;
}

/** Joins a request with its story, if there is exactly one, and waits no longer. */
function settle(state: State, request: ParsedRequest): ParsedRequest {
  const chosen = choose(state, request);
  if (chosen === null) return request;
  if (chosen === 'ambiguous') {
    state.counts.ambiguous += 1;
    return request;
  }
  state.counts.joined += 1;
  state.shelf.remove(chosen);
  return joinRequest(request, chosen.story);
}

/**
 * Makes a joiner. A request waits until as many others have come as may wait, then it is given with what is known of it;
 * so do stories, which are incomplete then. No two requests of access lines are ever joined.
 *
 * @param takeOpen - Tells the stories with an id of which lines may still come
 */
export function createRequestJoiner(
  takeOpen: (id: string) => readonly { readonly story: ParsedRequest; readonly isMixed: boolean }[],
  limits: JoinLimits = DEFAULT_JOIN_LIMITS,
): RequestJoiner {
  const waiting: (ParsedRequest | undefined)[] = [];
  let added = 0;
  const state: State = {
    shelf: createStoryShelf(limits.maxWaitingStories),
    counts: { joined: 0, ambiguous: 0, unwaitedRequests: 0, unwaitedStories: 0 },
    claims: createRecentIds<number>(CLAIMS_PER_REQUEST * limits.maxWaitingRequests),
  };

  function addStory(story: ParsedRequest, isMixed: boolean): ParsedRequest[] {
    const unwaited = state.shelf.add(story, isMixed ? [] : idsOf(story));
    if (unwaited === null) return [];
    state.counts.unwaitedStories += 1;
    return [{ ...unwaited, complete: false }];
  }

  /** What is still being told of a request that waits no longer. */
  function takeStories(request: ParsedRequest): ParsedRequest[] {
    return idsOf(request)
      .flatMap((id) => takeOpen(id))
      .flatMap(({ story, isMixed }) => addStory(story, isMixed));
  }

  function addRequest(request: ParsedRequest): ParsedRequest[] {
    const place = added % limits.maxWaitingRequests;
    const oldest = waiting[place];
    waiting[place] = request;
    added += 1;
    for (const id of idsOf(request)) state.claims.set(id, claimsOf(state, id) + 1);
    if (oldest === undefined) return [];
    const stories = takeStories(oldest);
    const settled = settle(state, oldest);
    if (settled === oldest) state.counts.unwaitedRequests += 1;
    return [...stories, settled];
  }

  function* end(): Generator<ParsedRequest> {
    const oldestPlace = added % limits.maxWaitingRequests;
    for (const request of [...waiting.slice(oldestPlace), ...waiting.slice(0, oldestPlace)]) {
      if (request === undefined) continue;
      yield settle(state, request);
    }
    yield* state.shelf.all();
  }

  return { addRequest, addStory, end, counts: state.counts };
}
