import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { readSources } from '#shared/application/read-sources.ts';
import { judgeBlindLogs } from '#shared/domain/headroom/judging/judge-blind-logs.ts';
import { judgeServiceSilence } from '#shared/domain/headroom/judging/judge-blindness.ts';
import { compareSources } from '#shared/domain/headroom/sources/compare-sources.ts';
import { DISAGREEMENT_SLUGS } from '#shared/domain/headroom/sources/disagreement.ts';
import type { SourceMinutes } from '#shared/domain/headroom/sources/source-minutes.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { requestMetrics } from '#shared/domain/logging/request-metrics.ts';
import { createMemoryServiceCounts, loggedStage, START_MS } from '#test/fakes/two-sources.ts';

const MINUTE_MS = 60_000;
const MINUTES = 30;
const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

/** A stage with its requests per minute, and whether its log lost some of them. */
type Traffic = { readonly item: InventoryItem; readonly requests: readonly number[]; readonly kept: number };

const traffic = fc
  .record({
    apiType: fc.constantFrom('REST', 'HTTP', 'WEBSOCKET'),
    apiName: fc.constantFrom('orders', 'users', 'twin'),
    stage: fc.constantFrom('prod', 'dev'),
    hasLog: fc.boolean(),
    requests: fc.array(fc.nat({ max: 500 }), { minLength: MINUTES, maxLength: MINUTES }),
    kept: fc.constantFrom(0, 0.3, 1),
  })
  .map(({ apiType, apiName, stage, hasLog, ...rest }) => ({ apiType, apiName, stage, hasLog, ...rest }));
const account = fc.array(traffic, { minLength: 1, maxLength: 8 }).map((all): Traffic[] =>
  all.map(({ apiType, apiName, stage, hasLog, requests, kept }, index) => ({
    item: loggedStage(`api${index}`, {
      apiType,
      apiName,
      stage,
      ...(!hasLog && { logGroup: null }),
    } as Partial<InventoryItem>),
    requests,
    kept: hasLog ? kept : 0,
  })),
);

/** Both sources as they are read, from an account in memory. */
async function read(
  all: readonly Traffic[],
  inventory = all.map(({ item }) => item),
): Promise<SourceMinutes> {
  const metrics = createMemoryMetrics();
  const service = createMemoryServiceCounts();
  for (const { item, requests, kept } of all) {
    for (const [minute, count] of requests.entries()) {
      const timestampMs = START_MS + minute * MINUTE_MS;
      const [metric] = requestMetrics(item);
      if (metric !== undefined && count > 0) service.count(metric, timestampMs, count);
      const values = [Math.floor(count * kept)];
      const rest = {
        name: 'RequestCount',
        timestampMs,
        unit: 'Count',
        resolutionSeconds: 1,
        values,
        counts: [1],
      } as const;
      if (values[0] !== 0) {
        await metrics.publishMetricData([
          { ...rest, dimensions: {} },
          { ...rest, dimensions: { ApiId: item.apiId, Stage: item.stage } },
        ]);
      }
    }
  }
  const range = { fromMs: START_MS, toMs: START_MS + MINUTES * MINUTE_MS };
  return readSources({ ...metrics, readServiceCounts: service.readServiceCounts }, inventory, range, 0);
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('two sources', () => {
  it('compareSources() counts every request once, however stages share their metrics', async () => {
    const property = fc.asyncProperty(account, async (all) => {
      const compared = compareSources(await read(all));
      const requests = total(all.map((one) => total(one.requests)));
      const logged = total(
        all.map((one) => total(one.requests.map((count) => Math.floor(count * one.kept)))),
      );
      const { countedRequests, loggedRequests } = compared.account;
      return (countedRequests ?? 0) === requests && loggedRequests === logged;
    });

    await fc.assert(property, { numRuns: 200 });
  });

  it('compareSources() says the same whatever the order of the inventory is', async () => {
    const shuffled = account.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    const property = fc.asyncProperty(shuffled, async ([all, other]) => {
      const one = compareSources(await read(all));
      const two = compareSources(
        await read(
          all,
          other.map(({ item }) => item),
        ),
      );
      const summed = ({ account: of, reasons }: typeof one) => JSON.stringify([of, reasons]);
      return summed(one) === summed(two);
    });

    await fc.assert(property, { numRuns: 200 });
  });

  it('compareSources() has only reasons of its closed list, and shares between 0 and 1', async () => {
    const property = fc.asyncProperty(account, async (all) => {
      const { stages, reasons, account: of } = compareSources(await read(all));
      return (
        reasons.every(({ slug, requests }) => DISAGREEMENT_SLUGS.includes(slug) && requests >= 0) &&
        new Set(reasons.map(({ slug }) => slug)).size === reasons.length &&
        [...stages.map(({ shareOfAccount }) => shareOfAccount), of.untoldRatio].every(
          (share) => share >= 0 && share <= 1,
        )
      );
    });

    await fc.assert(property, { numRuns: 200 });
  });

  it('nothing is blind and nothing disagrees where the logs tell every request', async () => {
    const whole = account.map((all) =>
      all.map((one) => ({ ...one, item: { ...one.item, logGroup: '/aws/apigw/all' }, kept: 1 })),
    );
    const property = fc.asyncProperty(whole, async (all) => {
      const sources = await read(all);
      const judged = [
        ...judgeBlindLogs({ sources, account: ACCOUNT, base: [] }),
        ...judgeServiceSilence(sources, ACCOUNT, true),
      ];
      return (
        compareSources(sources).reasons.length === 0 &&
        judged.every(({ judgements }) => judgements.every(({ verdict }) => verdict === 'clean'))
      );
    });

    await fc.assert(property, { numRuns: 200 });
  });
});
