import { setTimeout as sleep } from 'node:timers/promises';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbOutboxes } from '#shared/adapters/dynamodb-outboxes.ts';
import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createDispatchAlerts, type DispatchReport } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { AlertEvent } from '#shared/application/ports.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';
import type { UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { ACCOUNT } from '#test/fakes/dispatcher.ts';
import { startDynamoDb } from '#test/fakes/dynamodb.ts';
import { findingAt } from '#test/fakes/incident-history.ts';
import { createRandom } from '#test/fakes/random.ts';

/** How much faster than that of the machine the clock of a storm runs. */
export const SPEED = 40;

/** What a Lambda of 60 seconds leaves for its last call. */
const DEADLINE_MS = 48_000;
const SWEEP_EVERY_MS = 60_000;
const STORM_MS = 60_000;
/** When all trouble ends. */
const CLEARING_MS = 90_000;
/** However long it takes, a storm is over then. */
const LIMIT_MS = 4 * 3_600_000;

/** A clock that runs {@link SPEED} times as fast as that of the machine. */
export type FastClock = { readonly nowMs: () => number; readonly wait: (ms: number) => Promise<void> };

export function createFastClock(startMs: number): FastClock {
  const startedMs = performance.now();
  return {
    nowMs: () => startMs + (performance.now() - startedMs) * SPEED,
    wait: async (ms) => {
      await sleep(ms / SPEED);
    },
  };
}

/** What hits the dispatchers, and with what. */
export type Storm = {
  readonly seed: number;
  readonly stories: number;
  /** How often each story is stated before it is over. */
  readonly statements: number;
  readonly dispatchers: number;
  /** How likely a dispatcher is killed after a message was sent, before it could write that down. */
  readonly killProbability: number;
  readonly clock: FastClock;
  readonly startMs: number;
  readonly receiver: Receiver;
};

/** What is left of a storm. */
export type StormResult = {
  /** How many there are to be told. */
  readonly stories: number;
  readonly incidents: readonly Incident[];
  readonly letters: readonly UndeliverableLetter[];
  readonly findings: number;
  readonly kills: number;
  /** How long after the first finding everything was told, by the fast clock. */
  readonly toldAfterMs: number;
  readonly report: Pick<DispatchReport, 'delivered' | 'refused'>;
};

type Arrival = { readonly atMs: number; readonly event: AlertEvent };

function statementsOf(story: number, count: number, atMs: (part: number) => number): Arrival[] {
  const scope = { ...ACCOUNT, apiId: `api${story}`, apiName: `orders-${story}`, stage: 'prod' };
  const state = (minute: number, differences: Partial<Finding>): Finding =>
    findingAt(`finding-${story}`, 0, minute, {
      scope,
      title: `4.1 % of requests to orders-${story}/prod fail`,
      ...differences,
    });
  const statements = Array.from({ length: count }, (_, index): Arrival => {
    const severity = index < count / 2 ? 'warning' : 'critical';
    const finding = state(index + 1, { severity, value: 4 + index / 20 });
    return {
      atMs: atMs(index / count),
      event: { type: 'findings', findings: [finding] },
    };
  });
  const cleared = state(count + 5, { status: 'cleared' });
  const end = { atMs: CLEARING_MS + atMs(0), event: { type: 'findings', findings: [cleared] } } as const;
  return [...statements, end];
}

/** All statements of all stories, mixed, some of them twice and out of order. */
function arrivalsOf({ seed, stories, statements: count }: Storm): Arrival[] {
  const random = createRandom(seed);
  const arrivals: Arrival[] = [];
  for (let story = 0; story < stories; story += 1) {
    const late = (): number => random() * 5_000;
    const statements = statementsOf(story, count, (part) => part * STORM_MS + late());
    const repeated = statements.filter(() => random() < 0.1);
    arrivals.push(...statements, ...repeated.map(({ atMs, event }) => ({ atMs: atMs + late(), event })));
  }
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}

class Killed extends Error {}

/** A receiver whose caller may die when the message has been sent. */
function deadly(receiver: Receiver, isDeadly: () => boolean): Receiver {
  return {
    ...receiver,
    send: async (message) => {
      const outcome = await receiver.send(message);
      if (isDeadly()) throw new Killed();
      return outcome;
    },
  };
}

/** Lets a storm of findings loose on concurrent dispatchers that share a table, until everything is told. */
export async function runStorm(storm: Storm): Promise<StormResult> {
  const { clock, startMs, dispatchers, killProbability, seed, receiver } = storm;
  const dynamoDb = await startDynamoDb();
  const { incidents: table } = await dynamoDb.createTables();
  const incidents = createDynamoDbIncidents(dynamoDb.client, table);
  const outboxes = createDynamoDbOutboxes(dynamoDb.client, table);
  const now = () => new Date(clock.nowMs());
  const random = createRandom(seed + 1);
  const letters: UndeliverableLetter[] = [];
  const total = { delivered: 0, refused: 0 };
  let kills = 0;

  const dispatch = (owner: string, event: AlertEvent): Promise<DispatchReport> =>
    createDispatchAlerts({
      account: ACCOUNT,
      incidents,
      outboxes,
      holdBack: createHoldBack({ mutes: createMemoryMutes(), incidents, now, wait: clock.wait }),
      receivers: { slack: deadly(receiver, () => random() < killProbability) },
      keepUndeliverable: async (letter) => void letters.push(letter),
      now,
      wait: clock.wait,
      owner,
    })([event], { deadlineMs: clock.nowMs() + DEADLINE_MS });

  const queue = arrivalsOf(storm);
  const findings = queue.length;
  let isOver = false;

  function takeDue(): Arrival | null {
    const [next] = queue;
    if (next === undefined || next.atMs > clock.nowMs() - startMs) return null;
    queue.shift();
    return next;
  }

  /** A new execution environment takes over from one that is killed, and Lambda repeats the event after a minute. */
  function bury(arrival: Arrival, error: unknown): void {
    if (!(error instanceof Killed)) throw error;
    kills += 1;
    queue.push({ ...arrival, atMs: clock.nowMs() - startMs + 60_000 });
    queue.sort((a, b) => a.atMs - b.atMs);
  }

  async function work(worker: number): Promise<void> {
    while (!isOver) {
      const arrival = takeDue();
      if (arrival === null) {
        await clock.wait(200);
        continue;
      }
      try {
        const report = await dispatch(`worker-${worker} after ${kills} kills`, arrival.event);
        total.delivered += report.delivered;
        total.refused += report.refused;
      } catch (error) {
        bury(arrival, error);
      }
    }
  }

  async function keepTime(): Promise<number> {
    for (;;) {
      await clock.wait(SWEEP_EVERY_MS);
      const elapsedMs = clock.nowMs() - startMs;
      const active = (await incidents.listActive()).filter(({ story }) => story.kind !== 'delivery');
      const isTold = elapsedMs > CLEARING_MS + STORM_MS && active.length === 0;
      if ((isTold && queue.length === 0) || elapsedMs > LIMIT_MS) {
        isOver = true;
        return elapsedMs;
      }
      queue.unshift({ atMs: 0, event: { type: 'sweep' } });
    }
  }

  try {
    const workers = Array.from({ length: dispatchers }, (_, worker) => work(worker));
    const [toldAfterMs] = await Promise.all([keepTime(), ...workers]);
    const kept = await Promise.all(
      Array.from({ length: storm.stories }, (_, story) =>
        incidents.read(`stage|${ACCOUNT.accountId}|${ACCOUNT.region}|api${story}|prod|backend`),
      ),
    );
    return {
      stories: storm.stories,
      incidents: kept.filter((incident) => incident !== null),
      letters,
      findings,
      kills,
      toldAfterMs,
      report: total,
    };
  } finally {
    await dynamoDb.stop();
  }
}
