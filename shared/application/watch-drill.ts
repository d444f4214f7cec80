import type { IncidentStore, Now, Wait } from '#shared/application/ports.ts';
import type { Severity } from '#shared/domain/detection/finding.ts';
import { UNTOLD } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';

/** A receiver of the stack, and how bad something must be for it to be told. */
export type DrillReceiver = { readonly name: string; readonly minSeverity: Severity };

/** One of the ways that a drill goes, and how long it took. */
export type Hop = {
  readonly step: 'opening' | 'closing';
  readonly hop: 'bus' | 'incident' | 'receiver';
  /** `null` but for a receiver. */
  readonly receiver: string | null;
  /** Until it was seen, since the step began, by the clock of this machine; `null` if it was not. */
  readonly tookMs: number | null;
  /** When the receiver had it, by the clock of the function, epoch milliseconds; `null` where nothing says so. */
  readonly sentAtMs: number | null;
  /** Why it was not seen; `null` if it was. */
  readonly problem: string | null;
};

/** What a step waits for. */
export type Watch = {
  readonly step: Hop['step'];
  readonly storyKey: string;
  readonly receivers: readonly string[];
  readonly startedMs: number;
  readonly timeoutMs: number;
};

type Dependencies = {
  readonly incidents: Pick<IncidentStore, 'read'>;
  readonly now: Now;
  readonly wait: Wait;
  readonly isInterrupted: () => boolean;
  readonly tellHop: (hop: Hop) => void;
};

/** How often the incident is looked at: so much too late a hop may be seen. */
export const POLL_MS = 500;

type Seen = { readonly sentAtMs: number | null; readonly problem: string | null };

/** @returns `null` while nothing is to be seen */
function lookAtIncident(incident: Incident | null, step: Hop['step']): Seen | null {
  const isThere = incident !== null && (step === 'opening' || incident.status === 'closed');
  return isThere ? { sentAtMs: null, problem: null } : null;
}

function lookAtReceiver(incident: Incident | null, receiver: string, step: Hop['step']): Seen | null {
  const { told, sentAtMs, refusal } = incident?.deliveries[receiver] ?? UNTOLD;
  if (told !== null && (step === 'opening' || told.status === 'closed')) return { sentAtMs, problem: null };
  const isRefused = refusal !== null && (step === 'opening' || refusal.snapshot.status === 'closed');
  return isRefused ? { sentAtMs: null, problem: `${receiver} refused it: ${refusal.reason}` } : null;
}

function missingReason(incident: Incident | null, receiver: string | null, timeoutMs: number): string {
  const within = `within ${Math.round(timeoutMs / 1_000)} s`;
  if (receiver === null) {
    return incident === null
      ? `no incident ${within}: dispatch-alerts did not get the event, or fails`
      : `the incident did not close ${within}`;
  }
  const { attempt } = incident?.deliveries[receiver] ?? UNTOLD;
  return attempt === null
    ? `${receiver} was not told ${within}`
    : `${receiver} did not answer ${within}: it may have the message, or not`;
}

function lookAt(incident: Incident | null, receiver: string | null, step: Hop['step']): Seen | null {
  return receiver === null ? lookAtIncident(incident, step) : lookAtReceiver(incident, receiver, step);
}

/** What was seen so far of what a step waits for. */
function createSightings({ step, receivers, timeoutMs }: Watch, tellHop: Dependencies['tellHop']) {
  const hops = new Map<string | null, Hop>();
  const wanted: readonly (string | null)[] = [null, ...receivers];
  const missing = (): (string | null)[] => wanted.filter((receiver) => !hops.has(receiver));
  const note = (receiver: string | null, seen: Seen, tookMs: number | null): void => {
    const hop = receiver === null ? 'incident' : 'receiver';
    const noted: Hop = { step, hop, receiver, tookMs, ...seen };
    hops.set(receiver, noted);
    tellHop(noted);
  };
  return {
    isComplete: () => missing().length === 0,
    look: (incident: Incident | null, tookMs: number): void => {
      for (const receiver of missing()) {
        const seen = lookAt(incident, receiver, step);
        if (seen !== null) note(receiver, seen, seen.problem === null ? tookMs : null);
      }
    },
    /** Says of what is missing why, and gives all of it. */
    end: (incident: Incident | null, isInterrupted: boolean): Hop[] => {
      for (const receiver of missing()) {
        const problem = isInterrupted ? 'interrupted' : missingReason(incident, receiver, timeoutMs);
        note(receiver, { sentAtMs: null, problem }, null);
      }
      return wanted.map((receiver) => hops.get(receiver)).filter((hop) => hop !== undefined);
    },
  };
}

/**
 * Waits until the incident is as the step wants it, and each of the receivers was told so.
 *
 * @returns A watch that ends at the timeout, or when somebody interrupts it; it throws if the incident cannot be read
 */
export function createWatchDrill({ incidents, now, wait, isInterrupted, tellHop }: Dependencies) {
  return async (watch: Watch): Promise<Hop[]> => {
    const sightings = createSightings(watch, tellHop);
    for (;;) {
      const incident = await incidents.read(watch.storyKey);
      const tookMs = now().getTime() - watch.startedMs;
      sightings.look(incident, tookMs);
      if (sightings.isComplete() || tookMs >= watch.timeoutMs || isInterrupted())
        return sightings.end(incident, isInterrupted());
      await wait(POLL_MS);
    }
  };
}
