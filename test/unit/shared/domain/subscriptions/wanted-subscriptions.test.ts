import { describe, expect, it } from 'vitest';
import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';
import { noLongerWatched, wantedSubscriptions } from '#shared/domain/subscriptions/wanted-subscriptions.ts';
import { DESTINATIONS } from '#test/fakes/watched-account.ts';

const EXECUTION = 'API-Gateway-Execution-Logs_a1/prod';
const WEBSOCKET_EXECUTION = '/aws/apigateway/a1/prod';

function item(differences: Partial<InventoryItem>): InventoryItem {
  return { ...unlistedStage({ apiId: 'a1', stage: 'prod' }), apiType: 'HTTP', ...differences };
}

function wantedNames(...items: InventoryItem[]): string[] {
  return wantedSubscriptions(items, DESTINATIONS).map(({ group, filter }) => `${group} ${filter.name}`);
}

describe('wantedSubscriptions()', () => {
  it('sends every line of access logs to the one function', () => {
    expect(wantedSubscriptions([item({ logGroup: 'orders' })], DESTINATIONS)).toEqual([
      {
        group: 'orders',
        appearsWithTraffic: false,
        filter: {
          name: 'gatewatch-prod-access',
          pattern: '',
          destinationArn: DESTINATIONS.accessLogsFunctionArn,
        },
      },
    ]);
  });

  it('sends the telling lines of execution logs to the other one, from both groups of a WebSocket stage', () => {
    const stage = item({ apiType: 'WEBSOCKET', executionLogGroup: EXECUTION });
    const filter = {
      name: 'gatewatch-prod-execution',
      pattern: DESTINATIONS.executionFilterPattern,
      destinationArn: DESTINATIONS.executionLogsFunctionArn,
    };

    expect(wantedSubscriptions([stage], DESTINATIONS)).toEqual([
      { group: EXECUTION, appearsWithTraffic: true, filter },
      { group: WEBSOCKET_EXECUTION, appearsWithTraffic: true, filter },
    ]);
  });

  it('takes a group of another API’s access log for that, whatever it is called', () => {
    const stages = [
      item({ apiType: 'HTTP', logGroup: WEBSOCKET_EXECUTION }),
      item({ apiType: 'REST', apiId: 'a2', executionLogGroup: EXECUTION }),
    ];

    expect(wantedNames(...stages)).not.toContain(`${WEBSOCKET_EXECUTION} gatewatch-prod-execution`);
    expect(wantedNames(...stages)).toContain(`${WEBSOCKET_EXECUTION} gatewatch-prod-access`);
  });

  it('misses the group of a WebSocket stage’s access log, also where it may be that of its execution log', () => {
    const stage = item({
      apiType: 'WEBSOCKET',
      logGroup: WEBSOCKET_EXECUTION,
      executionLogGroup: EXECUTION,
    });

    expect(wantedSubscriptions([stage], DESTINATIONS)).toMatchObject([
      { group: WEBSOCKET_EXECUTION, appearsWithTraffic: false, filter: { name: 'gatewatch-prod-access' } },
      { group: EXECUTION, appearsWithTraffic: true },
      { group: WEBSOCKET_EXECUTION, appearsWithTraffic: true, filter: { name: 'gatewatch-prod-execution' } },
    ]);
  });

  it('wants nothing of stages without log groups', () => {
    expect(wantedNames(item({}), item({ executionLogGroup: null }))).toEqual([]);
  });

  it('wants the groups of canaries too, which only REST stages have', () => {
    expect(wantedNames(item({ apiType: 'REST', logGroup: 'orders', executionLogGroup: EXECUTION }))).toEqual([
      'orders gatewatch-prod-access',
      'orders/Canary gatewatch-prod-access',
      `${EXECUTION} gatewatch-prod-execution`,
      `${EXECUTION}/Canary gatewatch-prod-execution`,
    ]);
  });

  it('wants one filter where several stages write to one group', () => {
    const stages = ['prod', 'dev'].map((stage) => item({ stage, logGroup: 'shared' }));

    expect(wantedNames(...stages)).toEqual(['shared gatewatch-prod-access']);
  });

  it('wants both filters where a group holds access logs and execution logs', () => {
    const stages = [
      item({ logGroup: EXECUTION }),
      item({ apiType: 'WEBSOCKET', executionLogGroup: EXECUTION }),
    ];

    expect(wantedNames(...stages)).toEqual([
      `${EXECUTION} gatewatch-prod-access`,
      `${EXECUTION} gatewatch-prod-execution`,
      `${WEBSOCKET_EXECUTION} gatewatch-prod-execution`,
    ]);
  });

  it('misses a group that is one stage’s own although it may be the canary’s of another', () => {
    const stages = [
      item({ apiType: 'REST', logGroup: 'orders' }),
      item({ apiId: 'a2', logGroup: 'orders/Canary' }),
    ];

    for (const order of [stages, [...stages].reverse()]) {
      const canary = wantedSubscriptions(order, DESTINATIONS).filter(
        ({ group }) => group === 'orders/Canary',
      );
      expect(canary).toMatchObject([{ appearsWithTraffic: false }]);
    }
  });
});

describe('noLongerWatched()', () => {
  it('tells the groups that a stage left behind', () => {
    const before = [item({ logGroup: 'old' })];
    const after = [item({ logGroup: 'new' })];

    expect(noLongerWatched(before, after)).toEqual([
      { group: 'old', logs: 'access', appearsWithTraffic: false },
    ]);
  });

  it('tells nothing of a group that another stage still writes to', () => {
    const dev = item({ stage: 'dev', logGroup: 'shared' });

    expect(noLongerWatched([item({ logGroup: 'shared' })], [dev])).toEqual([]);
  });

  it('tells a group for one kind of log, although the other one is still written to it', () => {
    const before = [item({ apiType: 'WEBSOCKET', logGroup: EXECUTION, executionLogGroup: EXECUTION })];
    const after = [item({ apiType: 'WEBSOCKET', executionLogGroup: EXECUTION })];

    expect(noLongerWatched(before, after)).toMatchObject([{ group: EXECUTION, logs: 'access' }]);
  });
});
