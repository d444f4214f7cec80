import type fc from 'fast-check';
import { createMemoryIncidents, type MemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { LAST_CALL_MS } from '#shared/application/deliver-owed.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { AlertEvent } from '#shared/application/ports.ts';
import type { FindSent, OutgoingMessage, Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';
import type { UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';
import { ACCOUNT } from '#test/fakes/dispatcher.ts';

/** What becomes of one call to the receiver. */
export type Fault = 'none' | 'put-off' | 'lost' | 'not-answered' | 'refused' | 'deleted';

/** One invocation: what it is told, and after how many awaits it is killed; `null` for never. */
export type Invocation = { readonly events: readonly AlertEvent[]; readonly killedAfter: number | null };

/** What happens to dispatchers that run at once. */
export type Plan = {
  readonly invocations: readonly Invocation[];
  /** For one call after the other; then all is well. */
  readonly faults: readonly Fault[];
  readonly canEdit: boolean;
};

/** A message in the channel, or an answer in the thread of one. */
export type Posted = {
  readonly token: string;
  readonly thread: string | null;
  readonly ts: string;
  readonly incidentId: string;
  readonly isRepeat: boolean;
  readonly status: string;
  readonly severity: string;
};

/** What is left when all is over. */
export type Aftermath = {
  readonly incidents: MemoryIncidents;
  readonly channel: readonly Posted[];
  readonly letters: readonly UndeliverableLetter[];
};

const TURN_MS = 48_000;
const SWEEPS = 12;

/** Lets a dispatcher wait at each await for what the scheduler wants next, and ends it there for good. */
function createLife(
  schedule: (label: string) => Promise<void>,
  isOver: () => boolean,
  killedAfter: number | null,
) {
  let steps = 0;
  let die: () => void = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const pass = async (label: string): Promise<void> => {
    await schedule(label);
    steps += 1;
    if (!isOver() && (killedAfter === null || steps <= killedAfter)) return;
    die();
    await new Promise(() => {}); // nothing of it goes on
  };
  const guard = <Port extends object>(name: string, port: Port): Port =>
    Object.fromEntries(
      Object.entries(port).map(([method, call]) => [
        method,
        typeof call !== 'function'
          ? call
          : async (...args: unknown[]) => {
              await pass(`${name}.${method}`);
              const result = await call(...args);
              await pass(`${name}.${method} answered`);
              return result;
            },
      ]),
    ) as Port;
  return { died, pass, guard };
}

/** A channel whose messages can be edited, answered and looked for. */
function createChannel(faults: Fault[], canEdit: boolean) {
  const channel: Posted[] = [];
  let posts = 0;

  /** Somebody deletes a message, and with it its thread. */
  function remove(ts: string): void {
    const others = channel.filter((one) => one.ts !== ts && one.thread !== ts);
    channel.splice(0, channel.length, ...others);
  }

  function take(message: OutgoingMessage): SendOutcome {
    const { summary, incident } = message;
    const { isRepeat } = summary;
    const { status, severity } = incident;
    if (message.step === 'edit') {
      const index = channel.findIndex(({ ts }) => ts === message.place.ts);
      const known = channel[index];
      if (known === undefined) return { type: 'gone' };
      channel[index] = { ...known, status, severity };
      return { type: 'sent', place: message.place };
    }
    const thread = message.step === 'reply' ? message.place.ts : null;
    if (thread !== null && !channel.some(({ ts }) => ts === thread)) return { type: 'gone' };
    posts += 1;
    const place = { channel: 'C1', ts: String(posts) };
    const { token } = message;
    channel.push({ token, thread, ts: place.ts, incidentId: incident.id, isRepeat, status, severity });
    return { type: 'sent', place: canEdit ? place : null };
  }

  const send = async (message: OutgoingMessage): Promise<SendOutcome> => {
    const fault = faults.shift() ?? 'none';
    if (fault === 'put-off') return { type: 'put-off', reason: 'HTTP 429', retryAfterMs: null };
    if (fault === 'refused') return { type: 'refused', reason: 'invalid_blocks' };
    if (fault === 'lost') return { type: 'unknown', reason: 'ECONNRESET' };
    if (fault === 'deleted' && message.step !== 'post') remove(message.place.ts);
    const outcome = take(message);
    return fault === 'not-answered' ? { type: 'unknown', reason: 'TimeoutError' } : outcome;
  };

  const find: FindSent = async ({ token, thread }) => {
    if ((faults.shift() ?? 'none') === 'put-off') {
      return { type: 'put-off', reason: 'HTTP 503', retryAfterMs: null };
    }
    const found = channel.find((one) => one.token === token && one.thread === (thread?.ts ?? null));
    return found === undefined
      ? { type: 'not-found' }
      : { type: 'found', place: { channel: 'C1', ts: found.ts } };
  };

  return { channel, send, find: canEdit ? find : null };
}

/**
 * Runs dispatchers at once, in the order that a scheduler wants at each of their awaits, and kills some. Then Lambda repeats
 * what was killed, and the schedule sweeps.
 */
export async function runInterleaved(
  scheduler: fc.Scheduler,
  plan: Plan,
  startMs: number,
): Promise<Aftermath> {
  const clock = { nowMs: startMs };
  const now = () => new Date(clock.nowMs);
  const incidents = createMemoryIncidents();
  const outboxes = createMemoryOutboxes();
  const mutes = createMemoryMutes();
  const letters: UndeliverableLetter[] = [];
  const { channel, send, find } = createChannel([...plan.faults], plan.canEdit);

  function start(owner: string, invocation: Invocation, schedule: (label: string) => Promise<void>) {
    const deadlineMs = clock.nowMs + TURN_MS;
    const isOver = (): boolean => clock.nowMs > deadlineMs + LAST_CALL_MS;
    const { died, pass, guard } = createLife(
      (label) => schedule(`${owner} ${label}`),
      isOver,
      invocation.killedAfter,
    );
    const store = guard('incidents', incidents);
    const receiver = guard<Receiver>('receiver', {
      canEdit: plan.canEdit,
      minSeverity: 'warning',
      intervalMs: 1_000,
      send,
      find,
    });
    const dispatch = createDispatchAlerts({
      account: ACCOUNT,
      incidents: store,
      outboxes: guard('outboxes', outboxes),
      holdBack: createHoldBack({
        mutes: guard('mutes', mutes),
        incidents: store,
        now,
        wait: () => pass('wait'),
      }),
      receivers: { slack: receiver },
      keepUndeliverable: async (letter) => {
        await pass('letters');
        letters.push(letter);
      },
      now,
      wait: async (ms) => {
        const untilMs = clock.nowMs + ms;
        await pass('wait');
        clock.nowMs = Math.max(clock.nowMs, untilMs);
      },
      owner,
    });
    const isKilled = died.then(() => true);
    return Promise.race([dispatch(invocation.events, { deadlineMs }).then(() => false), isKilled]);
  }

  const schedule = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label);
  const runs = plan.invocations.map((invocation, index) =>
    start(`dispatcher ${index}`, invocation, schedule),
  );
  const isKilled = await scheduler.waitFor(Promise.all(runs));

  const repeated = plan.invocations.filter((_, index) => isKilled[index]);
  const later = [...repeated.map(({ events }) => events), ...Array(SWEEPS).fill([{ type: 'sweep' }])];
  for (const [index, events] of later.entries()) {
    clock.nowMs += 60_000;
    await start(`later ${index}`, { events, killedAfter: null }, async () => {});
  }
  return { incidents, channel, letters };
}
