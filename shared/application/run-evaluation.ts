import { createHash } from 'node:crypto';
import type {
  Account,
  BusEvent,
  EvaluationState,
  EvaluationStore,
  Now,
  PublishAlertEvents,
  TimeRange,
} from '#shared/application/ports.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { type Finding, findingIdentity, type JudgedKind } from '#shared/domain/detection/finding.ts';
import { foldMinutes } from '#shared/domain/detection/fold-minutes.ts';
import type { JudgedMinute, Judgement, Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { groupByStory } from '#shared/domain/incidents/story.ts';
import { type InventoryItem, UNKNOWN_STAGE, unlistedStage } from '#shared/domain/inventory/stage.ts';

/** How long metrics may still arrive: so much of them is judged anew in every run. */
export const LATE_METRICS_MINUTES = 10;

/**
 * How far before the newest settled minute anything is read second by second. CloudWatch keeps seconds for 3 hours, and to a
 * query that begins before, it may answer nothing at all. Data settles for up to ten minutes, and a run takes its time too.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html}
 */
export const SECONDS_KEPT_MS = 165 * MINUTE_MS;

/** How often an evaluator looks, in minutes. */
type Period = 1 | 5;

/** One way of looking at the data: what it is called, how often it looks, and its judgement of a range of minutes. */
export type Evaluator = {
  readonly name: string;
  /** Where it depends on how many stages there are, a function of their number. */
  readonly periodMinutes: Period | ((stages: number) => Period);
  /** How many minutes before the watermark are judged anew. 0 for what is known of now only, and is never late. */
  readonly rereadMinutes: typeof LATE_METRICS_MINUTES | 0;
  /** Seconds that its data must be old at least, where the settings ask for less. */
  readonly minSettleSeconds?: number;
  /** @param base - The occurrences that were open at the start of the range */
  readonly judge: (
    range: TimeRange,
    inventory: readonly InventoryItem[],
    base: readonly Occurrence[],
  ) => Promise<readonly JudgedMinute[]>;
};

/** `nothing-new`: the watermark was there already. `overtaken`: another run moved it first. */
export type EvaluationOutcome =
  | { readonly status: 'nothing-new' | 'overtaken' }
  | {
      readonly status: 'evaluated';
      /** The minutes that no run had judged before. */
      readonly fresh: TimeRange;
      /** The minutes that no run will judge again: what arrives for them now is too late. */
      readonly final: TimeRange;
      readonly findings: readonly Finding[];
    };

type Dependencies = {
  readonly account: Account;
  readonly evaluations: EvaluationStore;
  readonly readInventory: () => Promise<readonly InventoryItem[]>;
  readonly publishEvents: PublishAlertEvents;
  readonly now: Now;
  /** How old data must be to be taken as complete, for now. */
  readonly settleSeconds: number;
};

/** Judgements of several scopes fall into the same minute; a fold needs each minute once. */
export function mergeMinutes(parts: readonly (readonly JudgedMinute[])[]): JudgedMinute[] {
  const byMinute = new Map<number, { judgements: Judgement[]; cleanElsewhere: JudgedKind[] }>();
  for (const { minuteMs, judgements, cleanElsewhere = [] } of parts.flat()) {
    const known = byMinute.get(minuteMs) ?? { judgements: [], cleanElsewhere: [] };
    byMinute.set(minuteMs, known);
    known.judgements.push(...judgements);
    known.cleanElsewhere.push(...cleanElsewhere);
  }
  return [...byMinute].map(([minuteMs, { judgements, cleanElsewhere }]) => ({
    minuteMs,
    judgements,
    ...(cleanElsewhere.length > 0 && { cleanElsewhere }),
  }));
}

function toFinding(
  occurrence: Occurrence,
  evaluator: string,
  inventory: readonly InventoryItem[],
  dataDelaySeconds: number,
): Finding {
  const { kind, scope, severity, status, startedAtMs, observedAtMs, lastBadAtMs, cause } = occurrence;
  return {
    schemaVersion: 1,
    id: createHash('sha256').update(findingIdentity(kind, scope)).digest('hex'),
    startedAt: new Date(startedAtMs).toISOString(),
    kind,
    evaluator,
    severity,
    status,
    scope,
    observedAt: new Date(observedAtMs).toISOString(),
    lastBadAt: new Date(lastBadAtMs).toISOString(),
    dataDelaySeconds,
    cause,
    ...describeFinding(occurrence, inventory),
  };
}

function windowOf(state: EvaluationState | null, throughMs: number, lookBackMinutes: number): TimeRange {
  const baseMs = state?.baseMs ?? throughMs - lookBackMinutes * MINUTE_MS;
  return { fromMs: Math.max(baseMs, throughMs - SECONDS_KEPT_MS), toMs: throughMs };
}

/** How often an evaluator looks where there are so many known stages, in minutes. */
export function periodOf({ periodMinutes }: Pick<Evaluator, 'periodMinutes'>, stages: number): Period {
  return typeof periodMinutes === 'number' ? periodMinutes : periodMinutes(stages);
}

type Judged = {
  readonly evaluator: string;
  readonly inventory: readonly InventoryItem[];
  readonly throughMs: number;
  readonly nowMs: number;
};

function toFindings(
  occurrences: readonly Occurrence[],
  { evaluator, inventory, throughMs, nowMs }: Judged,
): Finding[] {
  const delaySeconds = Math.round((nowMs - throughMs) / 1_000);
  const findings = occurrences.map((occurrence) => toFinding(occurrence, evaluator, inventory, delaySeconds));
  // An occurrence that ended and began again within the window is told by its newer self only.
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()];
}

function toEvents(
  findings: readonly Finding[],
  { evaluator, throughMs }: Judged,
  account: Account,
): BusEvent[] {
  const completed = {
    schemaVersion: 1,
    evaluator,
    scope: account,
    through: new Date(throughMs).toISOString(),
    openFindingIds: findings.filter(({ status }) => status === 'open').map(({ id }) => id),
  } as const;
  const events: BusEvent[] = groupByStory(findings).map((group) => ({ type: 'findings', findings: group }));
  return [...events, { type: 'evaluation.completed', completed }];
}

/**
 * Runs evaluators from their stored watermark, not from the clock of the schedule: a missed run is made up for, a
 * repeated or overlapping one changes nothing, and the last ten minutes of metrics are judged anew for data that came late.
 */
export function createRunEvaluation(dependencies: Dependencies) {
  const { account, evaluations, readInventory, publishEvents, now, settleSeconds } = dependencies;

  return async (evaluator: Evaluator): Promise<EvaluationOutcome> => {
    const { name, rereadMinutes, minSettleSeconds = 0, judge } = evaluator;
    // Requests that nothing identifies are judged as well: they are somebody's.
    const stages = await readInventory();
    const inventory = [...stages, unlistedStage(UNKNOWN_STAGE)];
    const periodMinutes = periodOf(evaluator, stages.length);
    const nowMs = now().getTime();
    const periodMs = periodMinutes * MINUTE_MS;
    const settleMs = Math.max(settleSeconds, minSettleSeconds) * 1_000;
    const throughMs = Math.floor((nowMs - settleMs) / periodMs) * periodMs;
    const state = await evaluations.read(name);
    if (state !== null && state.throughMs >= throughMs) return { status: 'nothing-new' };

    const window = windowOf(state, throughMs, Math.max(periodMinutes, rereadMinutes));
    const baseMs = Math.max(window.fromMs, throughMs - rereadMinutes * MINUTE_MS);
    const known = state?.baseOccurrences ?? [];
    const minutes = await judge(window, inventory, known);
    const { base, current, cleared } = foldMinutes(known, minutes, baseMs);

    // The watermark moves before anything is published: what is lost then, the next run says again.
    const next = { throughMs, baseMs, baseOccurrences: base };
    const isFirst = await evaluations.write(name, next, state?.throughMs ?? null);
    if (!isFirst) return { status: 'overtaken' };

    const judged = { evaluator: name, inventory, throughMs, nowMs };
    const findings = toFindings([...cleared, ...current], judged);
    await publishEvents(toEvents(findings, judged, account));
    const fresh = { fromMs: state?.throughMs ?? window.fromMs, toMs: throughMs };
    const final = { fromMs: window.fromMs, toMs: baseMs };
    return { status: 'evaluated', fresh, final, findings };
  };
}
