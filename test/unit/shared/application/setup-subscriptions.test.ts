import { describe, expect, it } from 'vitest';
import { createApplySubscriptions } from '#shared/application/apply-subscriptions.ts';
import type { Api, DescribedStage } from '#shared/application/inventory-ports.ts';
import { createListStages } from '#shared/application/list-stages.ts';
import { createPlanSubscriptions } from '#shared/application/plan-subscriptions.ts';
import { createFindFilters, createRemoveFilters } from '#shared/application/remove-subscriptions.ts';
import { unlistedStage } from '#shared/domain/inventory/stage.ts';
import {
  createLogGroupStore,
  createMemoryLogGroups,
  type LogGroupStore,
} from '#test/fakes/log-group-store.ts';
import { DESTINATIONS, describedStage, OWN_PREFIX } from '#test/fakes/watched-account.ts';

const ORDERS: Api = { apiId: 'a1', apiName: 'orders-api', apiType: 'REST' };
const USERS: Api = { apiId: 'h1', apiName: 'users-api', apiType: 'HTTP' };

const ACCESS = {
  name: 'gatewatch-prod-access',
  pattern: '',
  destinationArn: DESTINATIONS.accessLogsFunctionArn,
};

const reportStep = (): void => {};

function plan(stages: readonly DescribedStage[], store: LogGroupStore) {
  const planSubscriptions = createPlanSubscriptions({ logGroups: createMemoryLogGroups(store), reportStep });
  return planSubscriptions(stages, DESTINATIONS, OWN_PREFIX);
}

describe('createListStages()', () => {
  const apiGateway = {
    listApis: async () => [USERS, ORDERS],
    readStages: async (api: Api) => [
      describedStage(api, { stage: 'b' }),
      describedStage(api, { stage: 'a' }),
    ],
    readIntegrationTimeoutMs: async () => 0,
  };

  it('listStages() sorts by names and says what it is at', async () => {
    const steps: string[] = [];
    const listStages = createListStages({
      apiGateway,
      reportStep: (doing, done, total) => steps.push(`${doing} ${done}/${total}`),
    });
    const { apis, stages } = await listStages([]);

    expect(apis).toHaveLength(2);
    expect(stages.map(({ apiName, stage }) => `${apiName}/${stage}`)).toEqual([
      'orders-api/a',
      'orders-api/b',
      'users-api/a',
      'users-api/b',
    ]);
    expect(steps).toEqual(['listing APIs 0/1', 'reading stages 0/2', 'reading stages 1/2']);
  });

  it('listStages() reads only the APIs that were asked for, and names those that are not there', async () => {
    const { apis, unknownApiIds } = await createListStages({ apiGateway, reportStep })(['h1', 'x9']);

    expect(apis).toEqual([USERS]);
    expect(unknownApiIds).toEqual(['x9']);
  });
});

describe('createPlanSubscriptions()', () => {
  it('planSubscriptions() plans a filter for each log that is there, and changes nothing', async () => {
    const store = createLogGroupStore();
    store.create('/logs/orders');
    store.create('API-Gateway-Execution-Logs_a1/prod');
    store.create('/logs/users');
    store.put('/logs/users', ACCESS);
    store.put('/logs/users', { name: 'datadog', pattern: '', destinationArn: 'arn:other' });

    const planned = await plan(
      [
        describedStage(ORDERS, { logGroup: '/logs/orders', executionLogLevel: 'ERROR' }),
        describedStage(USERS, { logGroup: '/logs/users' }),
      ],
      store,
    );

    expect(
      planned.map(({ group, decision, otherFilters }) => [group, decision.action, otherFilters]),
    ).toEqual([
      ['/logs/orders', 'make', []],
      ['API-Gateway-Execution-Logs_a1/prod', 'make', []],
      ['/logs/users', 'keep', ['datadog']],
    ]);
    expect(store.filterNames('/logs/orders')).toEqual([]);
  });

  it.each([
    ['tells that a log that is on has no group yet', 'ERROR', ['no-group']],
    ['says nothing about the missing group of a log that is off', 'OFF', []],
  ] as const)('planSubscriptions() %s', async (_, executionLogLevel, reasons) => {
    const planned = await plan([describedStage(ORDERS, { executionLogLevel })], createLogGroupStore());

    expect(planned.map(({ decision }) => decision.action === 'leave' && decision.reason)).toEqual(reasons);
  });

  it.each([
    ['one that is there', ['/aws/apigateway/w1/prod'], ['/aws/apigateway/w1/prod make']],
    ['the documented one where none is', [], ['API-Gateway-Execution-Logs_w1/prod leave']],
  ])('planSubscriptions() tells of the two groups of a WebSocket stage %s', async (_, groups, expected) => {
    const store = createLogGroupStore();
    for (const group of groups) store.create(group);
    const chat: Api = { apiId: 'w1', apiName: 'chat', apiType: 'WEBSOCKET' };

    const planned = await plan([describedStage(chat, { executionLogLevel: 'ERROR' })], store);

    expect(planned.map(({ group, decision }) => `${group} ${decision.action}`)).toEqual(expected);
  });
});

describe('createApplySubscriptions()', () => {
  it('applySubscriptions() makes what was planned, and goes on after a group that failed', async () => {
    const store = createLogGroupStore();
    for (const group of ['/logs/a', '/logs/b', '/logs/c']) store.create(group);
    const stages = ['a', 'b', 'c', 'd'].map((stage) =>
      describedStage(USERS, { stage, logGroup: `/logs/${stage}` }),
    );
    const planned = await plan(stages, store);
    store.put('/logs/b', { name: 'datadog', pattern: '', destinationArn: 'arn:other' });
    store.put('/logs/b', { name: 'splunk', pattern: '', destinationArn: 'arn:other' });
    const logGroups = createMemoryLogGroups(store, (call) => {
      if (call.startsWith('putFilter /logs/a')) throw new Error('denied');
    });

    const applied = await createApplySubscriptions({ logGroups, reportStep })(planned);

    expect(applied).toMatchObject([
      { group: '/logs/a', outcome: 'failed', error: new Error('denied') },
      { group: '/logs/b', outcome: 'left', reason: 'slots-taken' },
      { group: '/logs/c', outcome: 'made', filterName: 'gatewatch-prod-access' },
      { group: '/logs/d', outcome: 'left', reason: 'no-group' },
    ]);
    expect(store.groups.get('/logs/c')?.filters.get('gatewatch-prod-access')).toEqual(ACCESS);
  });

  it('applySubscriptions() done twice keeps everything the second time', async () => {
    const store = createLogGroupStore();
    store.create('/logs/users');
    const stages = [describedStage(USERS, { logGroup: '/logs/users' })];
    const calls: string[] = [];
    const logGroups = createMemoryLogGroups(store, (call) => calls.push(call));

    await createApplySubscriptions({ logGroups, reportStep })(await plan(stages, store));
    const again = await createApplySubscriptions({ logGroups, reportStep })(await plan(stages, store));

    expect(again).toMatchObject([{ outcome: 'kept' }]);
    expect(calls).toEqual(['putFilter /logs/users gatewatch-prod-access']);
  });

  it('applySubscriptions() replaces a filter of ours that leads elsewhere', async () => {
    const store = createLogGroupStore();
    store.create('/logs/users');
    store.put('/logs/users', { ...ACCESS, destinationArn: 'arn:old' });
    const planned = await plan([describedStage(USERS, { logGroup: '/logs/users' })], store);

    const applied = await createApplySubscriptions({ logGroups: createMemoryLogGroups(store), reportStep })(
      planned,
    );

    expect(applied).toMatchObject([{ outcome: 'replaced' }]);
    expect(store.groups.get('/logs/users')?.filters.get(ACCESS.name)).toEqual(ACCESS);
  });
});

describe('createFindFilters() and createRemoveFilters()', () => {
  function filledStore(): LogGroupStore {
    const store = createLogGroupStore();
    for (const group of ['/logs/users', '/logs/gone', '/logs/other', 'API-Gateway-Execution-Logs_x9/old']) {
      store.create(group);
      store.put(group, { name: 'datadog', pattern: '', destinationArn: 'arn:other' });
    }
    store.put('/logs/users', ACCESS);
    store.put('/logs/gone', ACCESS);
    store.put('API-Gateway-Execution-Logs_x9/old', { ...ACCESS, name: 'gatewatch-prod-execution' });
    store.put('/logs/other', { ...ACCESS, name: 'gatewatch-test-access' });
    return store;
  }

  const search = {
    stages: [describedStage(USERS, { logGroup: '/logs/users' })],
    readInventory: async () => [
      { ...unlistedStage({ apiId: 'g1', stage: 'gone' }), logGroup: '/logs/gone' },
      { ...unlistedStage({ apiId: 'g2', stage: 'gone' }), logGroup: '/logs/deleted' },
    ],
    stackName: 'gatewatch-prod',
    everywhere: true,
  };

  it('findFilters() finds those of this stack, also of stages that are gone', async () => {
    const findFilters = createFindFilters({ logGroups: createMemoryLogGroups(filledStore()), reportStep });

    expect(await findFilters(search)).toEqual([
      { group: '/logs/users', filterName: 'gatewatch-prod-access' },
      { group: '/logs/gone', filterName: 'gatewatch-prod-access' },
      { group: 'API-Gateway-Execution-Logs_x9/old', filterName: 'gatewatch-prod-execution' },
    ]);
  });

  it('findFilters() looks at all groups that may hold execution logs, in both forms of their names', async () => {
    const store = filledStore();
    const group = '/aws/apigateway/w9/old';
    store.create(group);
    store.put(group, { ...ACCESS, name: 'gatewatch-prod-execution' });
    const findFilters = createFindFilters({ logGroups: createMemoryLogGroups(store), reportStep });

    const found = await findFilters({ ...search, stages: [], readInventory: async () => [] });

    expect(found.map((filter) => filter.group)).toEqual([group, 'API-Gateway-Execution-Logs_x9/old']);
  });

  it('findFilters() looks only at the stages that were asked for', async () => {
    const findFilters = createFindFilters({ logGroups: createMemoryLogGroups(filledStore()), reportStep });

    expect(await findFilters({ ...search, everywhere: false })).toEqual([
      { group: '/logs/users', filterName: 'gatewatch-prod-access' },
    ]);
  });

  it('removeFilters() removes these and no others, and goes on after a group that failed', async () => {
    const store = filledStore();
    const logGroups = createMemoryLogGroups(store, (call) => {
      if (call.startsWith('deleteFilter /logs/users')) throw new Error('denied');
    });
    const found = await createFindFilters({ logGroups, reportStep })(search);

    const removed = await createRemoveFilters({ logGroups, reportStep })(found);

    expect(removed.map(({ outcome }) => outcome)).toEqual(['failed', 'removed', 'removed']);
    expect(store.filterNames('/logs/gone')).toEqual(['datadog']);
    expect(store.filterNames('API-Gateway-Execution-Logs_x9/old')).toEqual(['datadog']);
    expect(store.filterNames('/logs/other')).toEqual(['datadog', 'gatewatch-test-access']);
  });
});
