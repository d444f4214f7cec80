import { describe, expect, it } from 'vitest';
import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { createDetectAnomalies } from '#shared/application/detect-anomalies.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { renderText } from '#shared/domain/messages/render-text.ts';
import { createDispatcher } from '#test/fakes/dispatcher.ts';
import { inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const TRACED = { logsBodies: true, executionLogLevel: 'INFO' } as const;

/** A stage that nobody calls, from its settings to the messages about it. */
function createFixture() {
  const [item] = inventoryOf({ apiId: 'orders', stage: 'prod' });
  if (item === undefined) throw new Error('An inventory of one stage has one item');
  const known: { items: readonly InventoryItem[] | Error } = { items: [item] };
  const clock = { nowMs: NOON_MS };
  const now = () => new Date(clock.nowMs);
  const account = { accountId: '123456789012', region: 'us-east-1' };
  const messages: string[] = [];
  const incidents = createMemoryIncidents();
  const dispatch = createDispatcher(incidents, now, (summary) => messages.push(renderText(summary)));
  const { readMetrics } = createMemoryMetrics();
  const detect = createDetectAnomalies({
    account,
    readMetrics,
    availabilityTargetRatio: 0.999,
    runEvaluation: createRunEvaluation({
      account,
      evaluations: createMemoryEvaluations(),
      readInventory: async () => {
        if (known.items instanceof Error) throw known.items;
        return known.items;
      },
      publishEvents: async (events) => {
        await dispatch(events);
      },
      now,
      settleSeconds: 60,
    }),
  });
  const set = (settings: Partial<InventoryItem>): void => {
    known.items = [{ ...item, ...settings }];
  };
  const runMinutes = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.nowMs += MINUTE_MS;
      await detect();
    }
  };
  return { known, clock, set, runMinutes, messages, incidents };
}

describe('detectAnomalies() and bodies in logs', () => {
  it('detectAnomalies() tells of a stage without any traffic, once however long it goes on', async () => {
    const { set, runMinutes, messages, incidents } = createFixture();
    await runMinutes(3);
    set(TRACED);

    await runMinutes(120);

    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(
      'WARNING open: orders-api/prod logs request and response bodies (us-east-1',
    );
    const [incident] = incidents.listAll();
    expect(incident).toMatchObject({ status: 'open', findings: [{ kind: 'logging.bodies' }] });
    expect(incident?.openedAt).toBe(new Date(NOON_MS + 2 * MINUTE_MS).toISOString());
  });

  it('detectAnomalies() says once that it is over, five minutes after data trace is off', async () => {
    const { set, runMinutes, messages, incidents } = createFixture();
    set(TRACED);
    await runMinutes(10);
    set({ logsBodies: false, executionLogLevel: 'INFO' });

    await runMinutes(4);
    const before = messages.length;
    await runMinutes(60);

    expect(before).toBe(1);
    expect(messages).toHaveLength(2);
    expect(messages[1]).toContain('WARNING closed: orders-api/prod logs request and response bodies');
    expect(incidents.listAll()).toMatchObject([{ status: 'closed' }]);
  });

  it.each([
    ['is away', { items: [] }],
    ['has other items only', { items: inventoryOf({ apiId: 'users', stage: 'prod' }) }],
    ['does not say', { items: inventoryOf({ apiId: 'orders', stage: 'prod' }) }],
  ])('detectAnomalies() does not take it for over while the inventory %s', async (_, { items }) => {
    const { known, set, runMinutes, messages } = createFixture();
    set(TRACED);
    await runMinutes(3);
    known.items = items;

    await runMinutes(30);

    expect(messages).toHaveLength(2);
    expect(messages[1]).toContain('WARNING unknown: orders-api/prod logs request and response bodies');
  });

  it('detectAnomalies() fails while the inventory cannot be read, and goes on afterwards', async () => {
    const { known, set, runMinutes, messages } = createFixture();
    set(TRACED);
    await runMinutes(3);
    known.items = new Error('DynamoDB is down');

    await expect(runMinutes(1)).rejects.toThrow('DynamoDB is down');

    set(TRACED);
    await runMinutes(10);
    expect(messages).toHaveLength(1);
  });

  it('detectAnomalies() judges settings of now only, however long it has not run', async () => {
    const { clock, set, runMinutes, messages, incidents } = createFixture();
    set(TRACED);
    await runMinutes(3);
    clock.nowMs += 100 * MINUTE_MS;
    set({ logsBodies: false, executionLogLevel: 'INFO' });

    await runMinutes(1);
    expect(incidents.listAll()).toMatchObject([{ status: 'open' }]);

    await runMinutes(4);
    expect(messages).toHaveLength(2);
  });
});
