import { createMemoryIncidents } from '#shared/adapters/memory-incidents.ts';
import { createMemoryMutes } from '#shared/adapters/memory-mutes.ts';
import { createMemoryOutboxes } from '#shared/adapters/memory-outboxes.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { AlertEvent } from '#shared/application/ports.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';
import type { UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { ACCOUNT } from '#test/fakes/dispatcher.ts';
import { findingAt, iso } from '#test/fakes/incident-history.ts';

/** The clock of a fixture when it begins. */
export const START_MS = Date.parse(iso(0));
/** What comes each minute. */
export const SWEEP: AlertEvent = { type: 'sweep' };
/** What a receiver says that did not answer. */
export const UNKNOWN = { type: 'unknown', reason: 'TimeoutError' } as const;

/** The event of findings of one story. */
export function findings(...some: Finding[]): AlertEvent {
  return { type: 'findings', findings: some };
}

/** A finding of a stage of its own. */
export function ofStage(stage: string, differences: Partial<Finding> = {}, minute = 1): Finding {
  const scope = { ...ACCOUNT, apiId: 'a1b2c3', apiName: 'orders-api', stage };
  return findingAt(`finding of ${stage}`, 0, minute, { scope, ...differences });
}

/** Dispatchers that share a store, a clock that only waits move, and these receivers. */
export function createFixture(receivers: Readonly<Record<string, Receiver>>) {
  const clock = { nowMs: START_MS };
  const now = () => new Date(clock.nowMs);
  const incidents = createMemoryIncidents();
  const outboxes = createMemoryOutboxes();
  const mutes = createMemoryMutes();
  const letters: UndeliverableLetter[] = [];
  const createDispatcher = (owner: string) => {
    const dispatch = createDispatchAlerts({
      account: ACCOUNT,
      incidents,
      outboxes,
      holdBack: createHoldBack({ mutes, incidents, now, wait: async () => {} }),
      receivers,
      keepUndeliverable: async (letter) => void letters.push(letter),
      now,
      wait: async (ms) => {
        if (ms > 50) clock.nowMs += ms; // shorter ones are the random pauses between writes
      },
      owner,
    });
    return (events: readonly AlertEvent[], seconds = 45) =>
      dispatch(events, { deadlineMs: clock.nowMs + seconds * 1_000 });
  };
  const dispatch = createDispatcher('one');
  const elapsedMs = () => clock.nowMs - START_MS;
  return { clock, elapsedMs, incidents, mutes, letters, createDispatcher, dispatch };
}
