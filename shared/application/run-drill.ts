import { createHash } from 'node:crypto';
import type { IncidentStore, Now, PublishAlertEvents, Wait } from '#shared/application/ports.ts';
import { createWatchDrill, type DrillReceiver, type Hop } from '#shared/application/watch-drill.ts';
import { type Finding, findingIdentity, isAtLeast } from '#shared/domain/detection/finding.ts';
import { type Drill, endDrillFinding, toDrillFinding } from '#shared/domain/findings/describe-drill.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';

/** What came of a drill. */
export type DrillReport = {
  readonly drill: Drill;
  readonly hops: readonly Hop[];
  /** Receivers that are told of worse only. */
  readonly notTold: readonly DrillReceiver[];
  /**
   * By how much the clock of this machine is ahead of the functions', at least; below 0 if it is behind. `null` if no
   * difference shows.
   */
  readonly clockAheadMs: number | null;
  readonly wasInterrupted: boolean;
};

type Dependencies = {
  readonly publishEvents: PublishAlertEvents;
  readonly incidents: Pick<IncidentStore, 'read'>;
  readonly receivers: readonly DrillReceiver[];
  readonly timeoutMs: number;
  readonly now: Now;
  readonly wait: Wait;
  readonly isInterrupted: () => boolean;
  /** Told of each hop as it comes. */
  readonly tellHop: (hop: Hop) => void;
};

type Step = { readonly startedMs: number; readonly hops: readonly Hop[] };

/** A message was sent after its step began, and before it was seen: what contradicts that is a difference of clocks. */
function clockAheadMs(steps: readonly Step[]): number | null {
  const ahead = steps.flatMap(({ startedMs, hops }) =>
    hops.flatMap(({ sentAtMs, tookMs }) => {
      if (sentAtMs === null || tookMs === null) return [];
      return [Math.max(0, startedMs - sentAtMs) || Math.min(0, startedMs + tookMs - sentAtMs)];
    }),
  );
  const most = ahead.reduce((worst, one) => (Math.abs(one) > Math.abs(worst) ? one : worst), 0);
  return most === 0 ? null : most;
}

function withId(finding: Omit<Finding, 'id'>): Finding {
  const identity = findingIdentity(finding.kind, finding.scope);
  return { ...finding, id: createHash('sha256').update(identity).digest('hex') };
}

/** Puts a statement on the bus, which is the first hop of a step. */
async function put(step: Hop['step'], finding: Finding, dependencies: Dependencies): Promise<Step> {
  const { publishEvents, now, tellHop } = dependencies;
  const startedMs = now().getTime();
  await publishEvents([{ type: 'findings', findings: [finding] }]);
  const tookMs = now().getTime() - startedMs;
  const hop: Hop = { step, hop: 'bus', receiver: null, tookMs, sentAtMs: null, problem: null };
  tellHop(hop);
  return { startedMs, hops: [hop] };
}

/** The receivers that know of the drill; `null` if there is no incident to wait for. */
function toldOf({ hops }: Step): string[] | null {
  if (hops.some(({ hop, problem }) => hop === 'incident' && problem !== null)) return null;
  return hops.flatMap(({ receiver, problem }) => (receiver === null || problem !== null ? [] : [receiver]));
}

/**
 * Sends one marked incident through the deployed path, times the hops, and closes it whatever happens.
 *
 * @returns A use case that throws if the bus or the incidents cannot be reached, after it has tried to close the incident
 */
export function createRunDrill(dependencies: Dependencies) {
  const { receivers, timeoutMs, now, isInterrupted } = dependencies;
  const watchDrill = createWatchDrill(dependencies);

  async function open(finding: Finding, names: readonly string[]): Promise<Step> {
    const { startedMs, hops } = await put('opening', finding, dependencies);
    const storyKey = storyOf(finding).key;
    const watch = { step: 'opening', storyKey, receivers: names, startedMs, timeoutMs } as const;
    return { startedMs, hops: [...hops, ...(await watchDrill(watch))] };
  }

  const end = (finding: Finding): Promise<Step> =>
    put('closing', endDrillFinding(finding, now().getTime()), dependencies);

  async function close(finding: Finding, told: readonly string[] | null): Promise<Step> {
    const { startedMs, hops } = await end(finding);
    if (told === null || isInterrupted()) return { startedMs, hops };
    const storyKey = storyOf(finding).key;
    const watch = { step: 'closing', storyKey, receivers: told, startedMs, timeoutMs } as const;
    return { startedMs, hops: [...hops, ...(await watchDrill(watch))] };
  }

  return async (drill: Drill): Promise<DrillReport> => {
    const finding = withId(toDrillFinding(drill));
    const due = receivers.filter(({ minSeverity }) => isAtLeast(drill.severity, minSeverity));
    const names = due.map(({ name }) => name);
    const opening = await open(finding, names).catch(async (error: unknown) => {
      // It may be on the bus although no answer came. That it cannot be closed either is no other news.
      await end(finding).catch(() => {});
      throw error;
    });
    const closing = await close(finding, toldOf(opening));
    return {
      drill,
      hops: [...opening.hops, ...closing.hops],
      notTold: receivers.filter((receiver) => !due.includes(receiver)),
      clockAheadMs: clockAheadMs([opening, closing]),
      wasInterrupted: isInterrupted(),
    };
  };
}

/**
 * Closes a drill that was left open.
 *
 * @returns False if there is no such drill that is open
 */
export async function closeDrill(
  storyKey: string,
  { publishEvents, incidents, now }: Pick<Dependencies, 'publishEvents' | 'incidents' | 'now'>,
): Promise<boolean> {
  const incident = await incidents.read(storyKey);
  const finding = incident?.findings.find(({ status }) => status === 'open');
  if (finding === undefined) return false;
  await publishEvents([{ type: 'findings', findings: [endDrillFinding(finding, now().getTime())] }]);
  return true;
}
