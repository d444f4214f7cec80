import fc from 'fast-check';
import { it } from 'vitest';
import { isSameItem } from '#shared/domain/inventory/same-item.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import type { SubscriptionFilter } from '#shared/domain/subscriptions/subscription-filter.ts';
import { wantedSubscriptions } from '#shared/domain/subscriptions/wanted-subscriptions.ts';
import {
  createWatchedAccount,
  DESTINATIONS,
  describedStage,
  OWN_PREFIX,
} from '#test/fakes/watched-account.ts';

const SLOTS = 2;
const API_IDS = ['a', 'b', 'c'];
const STAGES = ['prod', 'dev'];
const FOREIGN_NAMES = ['shipper', 'siem', 'gatewatch-dev-access'];
const EXECUTION_GROUP = 'API-Gateway-Execution-Logs_a/prod';
/** Where the stage of a WebSocket API may write execution logs, and anybody access logs. */
const WEBSOCKET_GROUP = '/aws/apigateway/a/prod';
const ACCESS_GROUPS = [
  'one',
  'two',
  'one/Canary',
  EXECUTION_GROUP,
  WEBSOCKET_GROUP,
  `${OWN_PREFIX}ingest-access-logs`,
];
const GROUPS = [
  ...ACCESS_GROUPS,
  ...API_IDS.flatMap((id) =>
    STAGES.flatMap((stage) => [
      `API-Gateway-Execution-Logs_${id}/${stage}`,
      `/aws/apigateway/${id}/${stage}`,
    ]),
  ),
  `${EXECUTION_GROUP}/Canary`,
];

const apiId = fc.constantFrom(...API_IDS);
const stage = fc.constantFrom(...STAGES);
const group = fc.constantFrom(...GROUPS);
const logGroup = fc.constantFrom(null, ...ACCESS_GROUPS);
const name = fc.constantFrom(...FOREIGN_NAMES);

/** What owners do to their account, and runs of the product, some of which are killed or cut short. */
const change = fc.oneof(
  fc.record({ do: fc.constant('own-api'), apiId, apiType: fc.constantFrom('REST', 'HTTP', 'WEBSOCKET') }),
  fc.record({ do: fc.constant('delete-api'), apiId }),
  fc.record({ do: fc.constant('set-stage'), apiId, stage, logGroup }),
  fc.record({ do: fc.constant('delete-stage'), apiId, stage }),
  fc.record({ do: fc.constant('deploy'), apiId, timeoutMs: fc.integer({ min: 50, max: 29_000 }) }),
  fc.record({
    do: fc.constant('create-group'),
    group,
    isStandard: fc.integer({ min: 0, max: 4 }).map(Boolean),
  }),
  fc.record({ do: fc.constant('delete-group'), group }),
  fc.record({ do: fc.constant('put-foreign'), group, name }),
  fc.record({ do: fc.constant('delete-foreign'), group, name }),
  fc.record({ do: fc.constant('run') }),
  fc.record({ do: fc.constant('run'), killAtCall: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ do: fc.constant('run'), timeMs: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({ do: fc.constant('run'), mode: fc.constant('manual') }),
  fc.record({ do: fc.constant('run'), isTimeoutUnknown: fc.constant(true) }),
);

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
type Account = ReturnType<typeof createWatchedAccount>;

/** Filters that others made, which nobody but them may change. */
type Foreign = Map<string, Map<string, SubscriptionFilter>>;

async function runOnce(account: Account, changed: Change) {
  const killAtCall = 'killAtCall' in changed ? changed.killAtCall : undefined;
  const timeMs = 'timeMs' in changed ? changed.timeMs : undefined;
  let left = killAtCall ?? Number.POSITIVE_INFINITY;
  account.onCall = (call) => {
    left -= 1;
    // From the moment of its death on, a process calls nobody.
    if (left < 0) throw new Error('killed');
    if ('isTimeoutUnknown' in changed && call.startsWith('readIntegrationTimeoutMs'))
      throw new Error('timed out');
  };
  await account.run('mode' in changed ? 'manual' : 'auto', timeMs).catch((error: unknown) => {
    if (killAtCall === undefined) throw error;
  });
  account.onCall = () => {};
}

let deployments = 0;

function changeApis(account: Account, changed: Change): void {
  const api = 'apiId' in changed ? account.apis.get(changed.apiId) : undefined;
  deployments += 1;
  const deploymentId = `deployment-${deployments}`;
  if (changed.do === 'own-api' && 'apiType' in changed && api === undefined) {
    account.own(changed.apiId, changed.apiType as 'REST', [{ deploymentId }]);
  }
  if (api === undefined) return;
  if (changed.do === 'delete-api') account.apis.delete(api.apiId);
  if ('timeoutMs' in changed) {
    api.timeoutMs = changed.timeoutMs;
    api.stages = api.stages.map((one) => ({ ...one, deploymentId }));
  }
  if (!('stage' in changed)) return;
  const { apiId, apiName, apiType } = api;
  api.stages = api.stages.filter((one) => one.stage !== changed.stage);
  if (!('logGroup' in changed)) return;
  const { logGroup } = changed;
  const described = { stage: changed.stage, logGroup, deploymentId };
  api.stages = [...api.stages, describedStage({ apiId, apiName, apiType }, described)];
}

function changeGroups({ store }: Account, foreign: Foreign, changed: Change): void {
  if (!('group' in changed)) return;
  const known = store.groups.has(changed.group);
  if ('isStandard' in changed && !known) {
    store.create(changed.group, changed.isStandard ? 'STANDARD' : 'INFREQUENT_ACCESS');
    foreign.set(changed.group, new Map());
  }
  if (changed.do === 'delete-group') {
    store.groups.delete(changed.group);
    foreign.delete(changed.group);
  }
  if (!('name' in changed)) return;
  const filter = { name: changed.name, pattern: '', destinationArn: 'arn:aws:lambda:theirs' };
  if (changed.do === 'put-foreign' && store.put(changed.group, filter) === 'made') {
    foreign.get(changed.group)?.set(changed.name, filter);
  }
  if (changed.do === 'delete-foreign') {
    store.groups.get(changed.group)?.filters.delete(changed.name);
    foreign.get(changed.group)?.delete(changed.name);
  }
}

/** Every stage of every API, as an inventory without faults has it. */
function truth({ apis }: Account): InventoryItem[] {
  return [...apis.values()].flatMap(({ stages, timeoutMs }) =>
    stages.map((one) => ({ ...one, integrationTimeoutMs: timeoutMs })),
  );
}

function isInventoryTrue(account: Account): boolean {
  const expected = truth(account);
  const actual = account.items();
  const isKnown = (item: InventoryItem) => actual.some((other) => isSameItem(item, other));
  return actual.length === expected.length && expected.every(isKnown);
}

/** Foreign filters untouched, none of ours that nobody wants, and none missing but for want of a place. */
function areFiltersRight(account: Account, foreign: Foreign): boolean {
  const wanted = wantedSubscriptions(truth(account), DESTINATIONS);
  return [...account.store.groups].every(([name, { filters, logGroupClass }]) => {
    const mayHave = logGroupClass === 'STANDARD' && !name.startsWith(OWN_PREFIX);
    const ours = mayHave ? wanted.filter((one) => one.group === name).map(({ filter }) => filter) : [];
    const theirs = foreign.get(name) ?? new Map();
    const present = ours.filter(
      (filter) => JSON.stringify(filters.get(filter.name)) === JSON.stringify(filter),
    );
    const areTheirsThere = [...theirs].every(([key, filter]) => filters.get(key) === filter);
    const isComplete = present.length === ours.length || filters.size === SLOTS;
    return areTheirsThere && isComplete && filters.size === present.length + theirs.size;
  });
}

it('whatever happens to APIs, stages, groups and runs: after one more crawl the inventory is true and the filters are right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 60, size: 'max' }), async (changes) => {
      const account = createWatchedAccount({ slots: SLOTS, callMs: 500 });
      const foreign: Foreign = new Map();
      for (const changed of changes) {
        changeApis(account, changed);
        changeGroups(account, foreign, changed);
        if (changed.do === 'run') await runOnce(account, changed);
      }
      const { pending } = await account.run(); // what is left of a crawl
      const last = await account.run();
      return (
        pending === 0 &&
        last.pending === 0 &&
        last.subscriptionErrors.length === 0 &&
        isInventoryTrue(account) &&
        areFiltersRight(account, foreign)
      );
    }),
    { numRuns: 400 },
  );
});
