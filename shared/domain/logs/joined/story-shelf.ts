import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';
import { createIdIndex } from '#shared/domain/logs/stories/id-index.ts';
import { createRecencyQueue } from '#shared/domain/logs/stories/recency-queue.ts';

/** A story that waits, and the ids under which it is found. */
export type ShelvedStory = {
  readonly key: string;
  readonly story: ParsedRequest;
  readonly ids: readonly string[];
};

/** Stories that wait for the access line of their request, in the order in which they came. */
export type StoryShelf = {
  /** @returns The oldest story, if there is no room for another one */
  readonly add: (story: ParsedRequest, ids: readonly string[]) => ParsedRequest | null;
  /** Those with an id; of very many some. */
  readonly find: (id: string) => ShelvedStory[];
  readonly remove: (shelved: ShelvedStory) => void;
  /** Takes all stories, the oldest first. */
  readonly all: () => Iterable<ParsedRequest>;
};

/** More stages than share an id unless somebody means harm. */
const MAX_FOUND = 50;

/**
 * Makes an empty shelf.
 *
 * @param maxStories - At least 1
 */
export function createStoryShelf(maxStories: number): StoryShelf {
  const stories = createRecencyQueue<ShelvedStory>();
  const byId = createIdIndex();
  let added = 0;

  function remove({ key, ids }: ShelvedStory): void {
    stories.remove(key);
    for (const id of ids) byId.remove(id, key);
  }

  function takeOldest(): ParsedRequest | null {
    const [, oldest] = stories.oldest() ?? [];
    if (oldest === undefined) return null;
    remove(oldest);
    return oldest.story;
  }

  function add(story: ParsedRequest, ids: readonly string[]): ParsedRequest | null {
    const shelved = { key: String(added), story, ids };
    added += 1;
    stories.touch(shelved.key, shelved);
    for (const id of ids) byId.add(id, shelved.key);
    return stories.size() > maxStories ? takeOldest() : null;
  }

  function find(id: string): ShelvedStory[] {
    return byId
      .keysOf(id, MAX_FOUND)
      .map((key) => stories.get(key))
      .filter((shelved) => shelved !== undefined);
  }

  function* all(): Generator<ParsedRequest> {
    for (let oldest = takeOldest(); oldest !== null; oldest = takeOldest()) yield oldest;
  }

  return { add, find, remove, all };
}
