import { createHash } from 'node:crypto';
import type { DeliveryReport } from '#shared/application/deliver-owed.ts';
import type { Account } from '#shared/application/ports.ts';
import type { UpdateIncident } from '#shared/application/update-incident.ts';
import { type Finding, findingIdentity } from '#shared/domain/detection/finding.ts';
import { describeUndeliverable } from '#shared/domain/findings/describe-undeliverable.ts';
import { applyFinding } from '#shared/domain/incidents/incident.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';

/** A receiver that is down for less than this is caught up with before anybody would do something about it. */
const WORTH_TELLING_MS = 5 * 60_000;

/** True if a receiver that has taken nothing since then needs somebody to look. Epoch milliseconds. */
export function isWorthTelling(failingSinceMs: number, nowMs: number): boolean {
  return nowMs - failingSinceMs >= WORTH_TELLING_MS;
}

type Trouble = { readonly sinceMs: number; readonly reason: string; readonly refused: number };

function troubleOf({ refused, state }: DeliveryReport, nowMs: number): Trouble | null {
  const [reason] = refused;
  if (reason !== undefined) return { sinceMs: nowMs, reason, refused: refused.length };
  const { failingSinceMs = null, reason: word = null } = state ?? {};
  if (failingSinceMs === null || !isWorthTelling(failingSinceMs, nowMs)) return null;
  return { sinceMs: failingSinceMs, reason: word ?? 'no answer', refused: 0 };
}

function toFinding(account: Account, receiver: string, trouble: Trouble | null, nowMs: number): Finding {
  const scope = { ...account, subject: receiver };
  const now = new Date(nowMs).toISOString();
  const { sinceMs = nowMs, reason = '', refused = 0 } = trouble ?? {};
  return {
    schemaVersion: 1,
    id: createHash('sha256').update(findingIdentity('alerting.undeliverable', scope)).digest('hex'),
    startedAt: new Date(sinceMs).toISOString(),
    kind: 'alerting.undeliverable',
    evaluator: 'dispatch-alerts',
    severity: trouble === null ? 'info' : 'warning',
    status: trouble === null ? 'cleared' : 'open',
    scope,
    observedAt: now,
    lastBadAt: now,
    dataDelaySeconds: 0,
    cause: null,
    ...describeUndeliverable({ receiver, reason, refused }),
  };
}

/**
 * Makes an incident of a receiver that takes nothing, for the other receivers; it closes when the receiver has taken
 * a message again.
 *
 * @returns The keys of the stories that changed
 */
export function createTellFailures(account: Account, update: UpdateIncident) {
  return async (reports: readonly DeliveryReport[], nowMs: number): Promise<string[]> => {
    const keys: string[] = [];
    for (const report of reports) {
      const trouble = troubleOf(report, nowMs);
      if (trouble === null && report.sent === 0) continue;
      const finding = toFinding(account, report.receiver, trouble, nowMs);
      const story = storyOf(finding);
      let isChanged = false;
      await update(story.key, (incident) => {
        const after = applyFinding(incident, story, finding);
        isChanged = after !== incident;
        return after;
      });
      if (isChanged) keys.push(story.key);
    }
    return keys;
  };
}
