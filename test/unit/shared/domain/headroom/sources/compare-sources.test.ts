import { describe, expect, it } from 'vitest';
import { compareSources } from '#shared/domain/headroom/sources/compare-sources.ts';
import {
  type GroupMinutes,
  groupByMetrics,
  type SourceMinutes,
} from '#shared/domain/headroom/sources/source-minutes.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { loggedStage } from '#test/fakes/two-sources.ts';

const MINUTES = 20;
const always = (value: number): number[] => new Array(MINUTES).fill(value);
/** A value in all minutes but the newest. */
const until = (newest: number, value: number): number[] =>
  always(value).map((one, minute) => (minute < MINUTES - newest ? one : 0));

function group(
  stages: InventoryItem | InventoryItem[],
  counted: number[],
  ...logged: number[][]
): GroupMinutes {
  const all = [stages].flat();
  return {
    stages: all,
    counted: counted.map((count) => (count === 0 ? null : count)),
    connects: always(0),
    logged,
    heardBefore: all.map(() => true),
  };
}

function sourcesOf(groups: GroupMinutes[], differences: Partial<SourceMinutes> = {}): SourceMinutes {
  const perMinute = always(0).map((_, minute) =>
    groups.reduce((sum, { logged }) => sum + logged.reduce((own, one) => own + (one[minute] ?? 0), 0), 0),
  );
  return {
    startMs: 0,
    groups,
    logged: perMinute,
    unidentified: always(0),
    undimensioned: always(0).map(() => null),
    ...differences,
  };
}

const ORDERS = loggedStage('orders');
const BARE = loggedStage('bare', { logGroup: null });
const CHAT = loggedStage('chat', { apiType: 'WEBSOCKET' });
const TWINS = [loggedStage('t1', { apiName: 'twin' }), loggedStage('t2', { apiName: 'twin' })];

describe('compareSources()', () => {
  it('compareSources() gives each stage both counts and its share, and no reason where they agree', () => {
    const users = loggedStage('users');
    const compared = compareSources(
      sourcesOf([group(users, always(30), always(30)), group(ORDERS, always(10), always(10))]),
    );

    expect(compared.stages).toMatchObject([
      {
        name: 'orders-api/prod',
        loggedRequests: 200,
        countedRequests: 200,
        reason: null,
        shareOfAccount: 0.25,
      },
      {
        name: 'users-api/prod',
        loggedRequests: 600,
        countedRequests: 600,
        reason: null,
        shareOfAccount: 0.75,
      },
    ]);
    expect(compared.account).toEqual({
      loggedRequests: 800,
      countedRequests: 800,
      requests: 800,
      untoldRequests: 0,
      untoldRatio: 0,
      unidentifiedRequests: 0,
      undimensionedRequests: null,
    });
    expect(compared.reasons).toEqual([]);
  });

  it('compareSources() says which share of the account no log tells', () => {
    const compared = compareSources(
      sourcesOf([group(ORDERS, always(97), always(97)), group(BARE, always(3), always(0))]),
    );

    expect(compared.account.untoldRatio).toBeCloseTo(0.03);
    expect(compared.stages[0]).toMatchObject({
      name: 'bare-api/prod',
      hasAccessLog: false,
      reason: 'no-access-log',
    });
    expect(compared.stages[0]?.shareOfAccount).toBeCloseTo(0.03);
    expect(compared.reasons).toMatchObject([{ slug: 'no-access-log', stages: 1, requests: 60 }]);
  });

  it.each<[string, GroupMinutes, Partial<SourceMinutes>, string[]]>([
    ['a silent log', group(ORDERS, always(10), always(0)), {}, ['lost-lines']],
    ['the newest lines missing', group(ORDERS, always(10), until(4, 10)), {}, ['late-logs']],
    ['the newest counts missing', group(ORDERS, until(4, 10), always(10)), {}, ['late-metrics']],
    ['no counts at all', group(ORDERS, always(0), always(10)), {}, ['unexplained']],
    ['messages to clients', group(CHAT, always(50), always(3)), {}, ['websocket-messages']],
    ['a silent WebSocket stage', group(CHAT, always(50), always(0)), {}, ['lost-lines']],
    ['one of two APIs of a name silent', group(TWINS, always(20), always(10), always(0)), {}, ['same-name']],
    ['a quiet stage without a log', group(BARE, always(0), always(0)), {}, ['no-access-log']],
    [
      'as many lines without a stage',
      group(ORDERS, always(10), always(0)),
      { logged: always(10), unidentified: always(10) },
      ['unidentified'],
    ],
    [
      'more requests in the account than in its stages',
      group(ORDERS, always(10), always(10)),
      { undimensioned: always(15) },
      ['unlisted'],
    ],
    [
      'lines of a stage that nobody lists',
      group(ORDERS, always(10), always(10)),
      { logged: always(14) },
      ['unlisted'],
    ],
  ])('compareSources() knows why: %s', (_, one, differences, slugs) => {
    const { reasons } = compareSources(sourcesOf([one], differences));

    expect(reasons.map(({ slug }) => slug)).toEqual(slugs);
    expect(reasons.every(({ words }) => words.length > 10)).toBe(true);
  });

  it('compareSources() counts stages of one name once, and says that only their sum can be compared', () => {
    const compared = compareSources(sourcesOf([group(TWINS, always(20), always(15), always(5))]));

    expect(compared.account.countedRequests).toBe(400);
    expect(compared.sharedCounts).toEqual([
      {
        ids: [
          { apiId: 't1', stage: 'prod' },
          { apiId: 't2', stage: 'prod' },
        ],
        loggedRequests: 400,
        countedRequests: 400,
      },
    ]);
    expect(compared.stages.map(({ countedRequests }) => countedRequests)).toEqual([null, null]);
    expect(compared.reasons).toEqual([]);
  });

  it('compareSources() does not add the count without dimensions to anything', () => {
    const one = group(ORDERS, always(10), always(10));
    const without = compareSources(sourcesOf([one])).account;
    const withCount = compareSources(sourcesOf([one], { undimensioned: always(10) })).account;

    expect(withCount).toEqual({ ...without, undimensionedRequests: 200 });
  });

  it('compareSources() does not call messages to clients requests that no log tells', () => {
    const { account } = compareSources(sourcesOf([group(CHAT, always(50), always(3))]));

    expect(account).toMatchObject({ requests: 60, untoldRequests: 0 });
  });
});

describe('groupByMetrics()', () => {
  it('groupByMetrics() puts REST stages together that share name and stage, and no others', () => {
    const http = loggedStage('h1', { apiType: 'HTTP', apiName: 'twin' });
    const dev = loggedStage('t3', { apiName: 'twin', stage: 'dev' });

    const groups = groupByMetrics([...TWINS, http, dev]);

    expect(groups.map(({ stages }) => stages.map(({ apiId }) => apiId))).toEqual([
      ['t1', 't2'],
      ['h1'],
      ['t3'],
    ]);
  });
});
