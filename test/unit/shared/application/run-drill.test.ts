import { describe, expect, it } from 'vitest';
import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import type { BusEvent } from '#shared/application/ports.ts';
import type { OutgoingMessage, SendOutcome } from '#shared/application/receiver-ports.ts';
import { closeDrill, createRunDrill } from '#shared/application/run-drill.ts';
import type { DrillReceiver, Hop } from '#shared/application/watch-drill.ts';
import type { Drill } from '#shared/domain/findings/describe-drill.ts';
import { ACCOUNT, createDispatcherOf, createReceiver } from '#test/fakes/dispatcher.ts';

const START_MS = Date.parse('2026-03-02T14:00:00Z');
const DRILL: Drill = {
  id: 'd1',
  account: ACCOUNT,
  severity: 'warning',
  startedBy: 'ana',
  startedAtMs: START_MS,
};
const STORY_KEY = 'drill|123456789012|us-east-1|d1';
const BOTH: readonly DrillReceiver[] = [
  { name: 'sns', minSeverity: 'warning' },
  { name: 'slack', minSeverity: 'warning' },
];

type Send = (message: OutgoingMessage) => SendOutcome | undefined;

/** A stack whose bus hands events to dispatch after a second, and a clock that only waiting moves. */
function createFixture({
  receivers = BOTH,
  slack = () => undefined,
  isDeaf = () => false,
  skewMs = 0,
}: {
  readonly receivers?: readonly DrillReceiver[];
  readonly slack?: Send;
  /** True for events that never reach dispatch. */
  readonly isDeaf?: (published: number) => boolean;
  /** By how much the functions' clock is ahead. */
  readonly skewMs?: number;
} = {}) {
  const clock = { nowMs: START_MS };
  const incidents = createMemoryIncidents();
  const messages: string[] = [];
  const note = (name: string, send: Send) =>
    createReceiver((message) => {
      messages.push(`${name} ${message.summary.announcement}`);
      return send(message);
    });
  const dispatch = createDispatcherOf({
    incidents,
    now: () => new Date(clock.nowMs + skewMs),
    receivers: {
      sns: note('sns', () => undefined),
      slack: { ...note('slack', slack), minSeverity: receivers[1]?.minSeverity ?? 'warning' },
    },
  });
  const published: BusEvent[] = [];
  const queue: { readonly atMs: number; readonly event: BusEvent }[] = [];
  const hops: Hop[] = [];
  const interruption = { isInterrupted: false };
  const ports = {
    publishEvents: async (events: readonly BusEvent[]) => {
      for (const event of events) {
        published.push(event);
        if (!isDeaf(published.length)) queue.push({ atMs: clock.nowMs + 1_000, event });
      }
      clock.nowMs += 200;
    },
    incidents,
    receivers,
    timeoutMs: 10_000,
    now: () => new Date(clock.nowMs),
    wait: async (ms: number) => {
      clock.nowMs += ms;
      while ((queue[0]?.atMs ?? Number.POSITIVE_INFINITY) <= clock.nowMs) {
        const [next] = queue.splice(0, 1);
        if (next !== undefined) await dispatch([next.event]);
      }
    },
    isInterrupted: () => interruption.isInterrupted,
    tellHop: (hop: Hop) => {
      hops.push(hop);
    },
  };
  /** Lets the bus hand out what it still has. */
  const settle = () => ports.wait(60_000);
  return { clock, incidents, published, messages, hops, interruption, ports, settle };
}

function inWords({ step, hop, receiver, tookMs, problem }: Hop): string {
  return `${step} ${receiver ?? hop}: ${problem ?? tookMs}`;
}

describe('createRunDrill()', () => {
  it('runDrill() opens an incident, waits for every receiver, closes it, and waits again', async () => {
    const { ports, messages, hops, incidents } = createFixture();

    const report = await createRunDrill(ports)(DRILL);

    expect(report.hops.map(inWords)).toEqual([
      'opening bus: 200',
      'opening incident: 1200',
      'opening sns: 1200',
      'opening slack: 1200',
      'closing bus: 200',
      'closing incident: 1200',
      'closing sns: 1200',
      'closing slack: 1200',
    ]);
    expect(report).toMatchObject({ drill: DRILL, notTold: [], clockAheadMs: null, wasInterrupted: false });
    expect(hops).toEqual(report.hops);
    expect(messages).toEqual(['sns opened', 'slack opened', 'sns closed', 'slack closed']);
    expect(await incidents.read(STORY_KEY)).toMatchObject({
      status: 'closed',
      severity: 'warning',
      findings: [
        {
          kind: 'alerting.drill',
          title: 'Drill: no trouble, only a test of the alerting',
          evidence: [
            { label: 'Drill id', value: 'd1' },
            { label: 'By', value: 'ana' },
          ],
        },
      ],
    });
  });

  it('runDrill() names a receiver that is told of worse only, and does not wait for it', async () => {
    const slack: DrillReceiver = { name: 'slack', minSeverity: 'critical' };
    const { ports, messages } = createFixture({ receivers: [...BOTH.slice(0, 1), slack] });

    const { hops, notTold } = await createRunDrill(ports)(DRILL);

    expect(notTold).toEqual([slack]);
    expect(hops.map(({ receiver }) => receiver)).not.toContain('slack');
    expect(messages).toEqual(['sns opened', 'sns closed']);
  });

  it('runDrill() tells all receivers of a critical drill', async () => {
    const slack: DrillReceiver = { name: 'slack', minSeverity: 'critical' };
    const { ports, messages } = createFixture({ receivers: [...BOTH.slice(0, 1), slack] });

    const { notTold } = await createRunDrill(ports)({ ...DRILL, severity: 'critical' });

    expect(notTold).toEqual([]);
    expect(messages).toContain('slack opened');
  });

  it('runDrill() says why a receiver refused, and closes without waiting for it', async () => {
    const { ports, settle, incidents } = createFixture({
      slack: () => ({ type: 'refused', reason: 'channel_not_found' }),
    });

    const { hops } = await createRunDrill(ports)(DRILL);

    expect(hops.map(inWords)).toContain('opening slack: slack refused it: channel_not_found');
    expect(hops.map(inWords)).toContain('closing sns: 1200');
    expect(hops.filter(({ step, receiver }) => step === 'closing' && receiver === 'slack')).toEqual([]);
    await settle();
    expect((await incidents.read(STORY_KEY))?.status).toBe('closed');
  });

  it('runDrill() says that a receiver did not answer', async () => {
    const { ports } = createFixture();

    const { hops } = await createRunDrill({ ...ports, incidents: await unansweredIncident() })(DRILL);

    expect(hops.map(inWords)).toContain(
      'opening slack: slack did not answer within 10 s: it may have the message, or not',
    );
  });

  it('runDrill() gives up at the timeout if no incident comes, and closes all the same', async () => {
    const { ports, published, clock } = createFixture({ isDeaf: (count) => count === 1 });

    const { hops } = await createRunDrill(ports)(DRILL);

    expect(hops.map(inWords)).toEqual([
      'opening bus: 200',
      'opening incident: no incident within 10 s: dispatch-alerts did not get the event, or fails',
      'opening sns: sns was not told within 10 s',
      'opening slack: slack was not told within 10 s',
      'closing bus: 200',
    ]);
    expect(clock.nowMs - START_MS).toBeLessThan(11_000);
    expect(published.map((event) => event.type === 'findings' && event.findings[0]?.status)).toEqual([
      'open',
      'cleared',
    ]);
  });

  it('runDrill() says that the incident did not close', async () => {
    const { ports } = createFixture({ isDeaf: (count) => count === 2 });

    const { hops } = await createRunDrill(ports)(DRILL);

    expect(hops.map(inWords)).toContain('closing incident: the incident did not close within 10 s');
  });

  it('runDrill() closes at once when it is interrupted', async () => {
    const { ports, published, interruption, settle, incidents, messages } = createFixture();
    const wait = async (ms: number): Promise<void> => {
      interruption.isInterrupted = true;
      await ports.wait(ms);
    };

    const { hops, wasInterrupted } = await createRunDrill({ ...ports, wait })(DRILL);

    expect(wasInterrupted).toBe(true);
    expect(hops.map(inWords)).toContain('opening slack: interrupted');
    expect(hops.at(-1)).toMatchObject({ step: 'closing', hop: 'bus' });
    expect(published).toHaveLength(2);
    await settle();
    expect((await incidents.read(STORY_KEY))?.status).toBe('closed');
    expect(messages).toContain('slack closed');
  });

  it('runDrill() tries to close what may be open if the bus did not answer, and throws', async () => {
    const { ports, published } = createFixture();
    let calls = 0;
    const publishEvents: typeof ports.publishEvents = async (events) => {
      calls += 1;
      await ports.publishEvents(events);
      if (calls === 1) throw new Error('TimeoutError');
    };

    await expect(createRunDrill({ ...ports, publishEvents })(DRILL)).rejects.toThrow('TimeoutError');

    expect(published).toHaveLength(2);
  });

  it('runDrill() closes before it throws if the incident cannot be read', async () => {
    const { ports, published } = createFixture();
    const incidents = { read: async () => Promise.reject(new Error('AccessDenied')) };

    await expect(createRunDrill({ ...ports, incidents })(DRILL)).rejects.toThrow('AccessDenied');

    expect(published).toHaveLength(2);
  });

  it.each([
    [5_000, -5_000],
    [-5_000, 3_800],
    [-300, null],
  ])(
    'runDrill() of functions whose clock is %i ms ahead proves a difference of %j',
    async (skewMs, expected) => {
      const { ports } = createFixture({ skewMs });

      expect((await createRunDrill(ports)(DRILL)).clockAheadMs).toBe(expected);
    },
  );
});

/** A store whose incident never changes: Slack was called, and did not answer. */
async function unansweredIncident() {
  const { ports, incidents } = createFixture();
  await createRunDrill(ports)(DRILL);
  const incident = await incidents.read(STORY_KEY);
  const { slack: { told = null } = {} } = incident?.deliveries ?? {};
  if (incident === null || told === null) throw new Error('Nobody was told');
  const attempt = { token: 't', step: 'post', startedAtMs: START_MS, snapshot: told } as const;
  const slack = { told: null, shown: null, sentAtMs: 0, place: null, attempt, refusal: null };
  return { read: async () => ({ ...incident, deliveries: { ...incident.deliveries, slack } }) };
}

describe('closeDrill()', () => {
  it('closeDrill() closes a drill that was left open', async () => {
    const { ports, published, messages, settle, incidents } = createFixture({
      isDeaf: (count) => count === 2,
    });
    await createRunDrill(ports)(DRILL);
    expect((await incidents.read(STORY_KEY))?.status).toBe('open');

    expect(await closeDrill(STORY_KEY, ports)).toBe(true);

    expect(published).toHaveLength(3);
    await settle();
    expect((await incidents.read(STORY_KEY))?.status).toBe('closed');
    expect(messages.at(-1)).toBe('slack closed');
  });

  it('closeDrill() returns false for one that is not open', async () => {
    const { ports, published } = createFixture();
    expect(await closeDrill(STORY_KEY, ports)).toBe(false);
    await createRunDrill(ports)(DRILL);

    expect(await closeDrill(STORY_KEY, ports)).toBe(false);
    expect(published).toHaveLength(2);
  });
});
