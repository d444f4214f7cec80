import { describe, expect, it } from 'vitest';
import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';
import { createRequestJoiner } from '#shared/domain/logs/joined/request-joiner.ts';
import { createParsedRequest } from '#test/fakes/parsed-request.ts';

const NOTHING_OPEN = (): never[] => [];

function access(requestId: string, told: Partial<ParsedRequest> = {}): ParsedRequest {
  return createParsedRequest({ requestId, status: 200, complete: true, ...told });
}

function story(requestId: string, told: Partial<ParsedRequest> = {}): ParsedRequest {
  return createParsedRequest({ requestId, path: '/orders/17', complete: true, ...told });
}

describe('createRequestJoiner()', () => {
  it('createRequestJoiner() joins whichever kind comes first, keeps the order of access lines, and gives lone stories last', () => {
    const joiner = createRequestJoiner(NOTHING_OPEN);

    joiner.addStory(story('lone'), false);
    joiner.addStory(story('a'), false);
    for (const id of ['b', 'a', 'c']) joiner.addRequest(access(id));
    joiner.addStory(story('b'), false);

    expect([...joiner.end()]).toMatchObject([
      { requestId: 'b', status: 200, path: '/orders/17' },
      { requestId: 'a', status: 200, path: '/orders/17' },
      { requestId: 'c', status: 200, path: null },
      { requestId: 'lone', status: null, path: '/orders/17' },
    ]);
    expect(joiner.counts).toEqual({ joined: 2, ambiguous: 0, unwaitedRequests: 0, unwaitedStories: 0 });
  });

  it('createRequestJoiner() joins no story where two requests have its id', () => {
    const joiner = createRequestJoiner(NOTHING_OPEN);

    joiner.addRequest(access('same'));
    joiner.addStory(story('same'), false);
    joiner.addRequest(access('same'));

    expect([...joiner.end()].map(({ path }) => path)).toEqual([null, null, '/orders/17']);
    expect(joiner.counts).toMatchObject({ joined: 0, ambiguous: 2 });
  });

  it('createRequestJoiner() tells requests with one id apart by the extended one', () => {
    const joiner = createRequestJoiner(NOTHING_OPEN);

    for (const extendedRequestId of ['e1', 'e2']) {
      joiner.addRequest(access('same', { extendedRequestId }));
      joiner.addStory(story('same', { extendedRequestId, path: `/${extendedRequestId}` }), false);
    }

    expect([...joiner.end()].map(({ path }) => path)).toEqual(['/e1', '/e2']);
  });

  it('createRequestJoiner() leaves a request alone where two stories may be its own, and a mixed story always', () => {
    const joiner = createRequestJoiner(NOTHING_OPEN);

    joiner.addRequest(access('two'));
    joiner.addStory(story('two', { stage: 'prod' }), false);
    joiner.addStory(story('two', { stage: 'dev' }), false);
    joiner.addRequest(access('mixed'));
    joiner.addStory(story('mixed'), true);

    expect([...joiner.end()].map(({ path }) => path)).toEqual([
      null,
      null,
      '/orders/17',
      '/orders/17',
      '/orders/17',
    ]);
    expect(joiner.counts).toMatchObject({ joined: 0, ambiguous: 1 });
  });

  it('createRequestJoiner() keeps no more requests than may wait, and asks for the stories of those that go', () => {
    const asked: string[] = [];
    const joiner = createRequestJoiner(
      (id) => {
        asked.push(id);
        return id === 'a' ? [{ story: story('a'), isMixed: false }] : [];
      },
      { maxWaitingRequests: 2, maxWaitingStories: 10 },
    );

    const given = ['a', 'b', 'c', 'd'].map((id) => joiner.addRequest(access(id)));

    expect(given).toMatchObject([
      [],
      [],
      [{ requestId: 'a', path: '/orders/17' }],
      [{ requestId: 'b', path: null }],
    ]);
    expect(asked).toEqual(['a', 'b']);
    expect([...joiner.end()]).toMatchObject([{ requestId: 'c' }, { requestId: 'd' }]);
    expect(joiner.counts).toMatchObject({ joined: 1, unwaitedRequests: 1 });
  });

  it('createRequestJoiner() gives the oldest story as incomplete where there is no room for another', () => {
    const joiner = createRequestJoiner(NOTHING_OPEN, { maxWaitingRequests: 1, maxWaitingStories: 1 });

    expect(joiner.addStory(story('a'), false)).toEqual([]);
    expect(joiner.addStory(story('b'), false)).toEqual([story('a', { complete: false })]);
    expect(joiner.counts).toMatchObject({ unwaitedStories: 1 });
    expect([...joiner.end()]).toEqual([story('b')]);
  });

  it('createRequestJoiner() takes very many stories and requests of one id in linear time', () => {
    const joiner = createRequestJoiner(NOTHING_OPEN, {
      maxWaitingRequests: 20_000,
      maxWaitingStories: 20_000,
    });

    for (let number = 0; number < 20_000; number += 1) {
      joiner.addStory(story('same'), false);
      joiner.addRequest(access('same'));
    }

    expect([...joiner.end()]).toHaveLength(40_000);
    expect(joiner.counts).toMatchObject({ joined: 0, ambiguous: 20_000 });
  });
});
