import type { Scope } from '#shared/domain/detection/finding.ts';
import type { JudgedMinute, Judgement, Occurrence } from '#shared/domain/detection/occurrence.ts';
import { capTold } from '#shared/domain/headroom/judging/cap-told-stages.ts';
import { doAgree } from '#shared/domain/headroom/sources/disagreement.ts';
import type { SourceMinutes } from '#shared/domain/headroom/sources/source-minutes.ts';
import {
  BLINDNESS_MINUTES,
  type GroupSpans,
  judgeSpans,
  newestSpan,
  spansOf,
} from '#shared/domain/headroom/sources/source-spans.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

const MINUTE_MS = 60_000;

/** A stage with this share of the account's requests makes most of the account invisible. */
const CRITICAL_SHARE = 0.5;

/** A log that was never heard is new, or Gatewatch is: so long it may take until both are set up. */
const PATIENCE_MINUTES = 60;

/** What the judgement of the stages' logs rests on. */
export type BlindLogs = {
  /** From {@link BLINDNESS_MINUTES} before the first minute to judge. */
  readonly sources: SourceMinutes;
  readonly account: Scope;
  /** The occurrences that were open before the first minute to judge. */
  readonly base: readonly Occurrence[];
};

/** A group with what does not change from minute to minute. */
type Group = GroupSpans & {
  /** The one that findings are about; `null` where none has an access log. Stages of one name are told as one. */
  readonly subject: InventoryItem | null;
  readonly unlogged: readonly InventoryItem[];
  /** Index of the first minute with a line; 0 if the log was heard before. */
  readonly heardFrom: number;
  /** Minutes that its first line has been waited for, before the first minute to judge. */
  readonly waited: number;
};

/** What one minute says of the account: requests of both spans, and what CloudWatch counted in the newest. */
type Minute = { readonly end: number; readonly requests: number; readonly countedNow: number };

function waitedMinutes(subject: InventoryItem | null, base: readonly Occurrence[]): number {
  const known = base.find(
    ({ kind, scope }) =>
      kind === 'blind.logs' && scope.apiId === subject?.apiId && scope.stage === subject?.stage,
  );
  if (known === undefined) return 0;
  return known.severity === 'info' ? (known.sums['waitedMinutes'] ?? 0) : PATIENCE_MINUTES;
}

function prepare({ sources, base }: BlindLogs): Group[] {
  return sources.groups.map((group) => {
    const subject = group.stages.find(({ logGroup }) => logGroup !== null) ?? null;
    const firstHeard = sources.logged.findIndex((_, minute) =>
      group.logged.some((own) => (own[minute] ?? 0) > 0),
    );
    return {
      ...spansOf(group),
      subject,
      unlogged: group.stages.filter(({ logGroup }) => logGroup === null),
      heardFrom: group.heardBefore.includes(true)
        ? 0
        : firstHeard < 0
          ? Number.POSITIVE_INFINITY
          : firstHeard,
      waited: waitedMinutes(subject, base),
    };
  });
}

function judge(
  { span, stages }: Group,
  { apiId, apiName, stage, logGroup }: InventoryItem,
  account: Scope,
  minute: Minute,
): Omit<Judgement, 'verdict' | 'severity'> & { readonly latest: { readonly share: number } } {
  const { counted, logged } = span(minute.end, BLINDNESS_MINUTES);
  const share = minute.requests === 0 ? 0 : Math.max(counted, logged) / minute.requests;
  return {
    kind: 'blind.logs',
    scope: { ...account, apiId, apiName, stage },
    latest: { counted, logged, share, hasAccessLog: logGroup === null ? 0 : 1, sharedBy: stages.length },
    sums: {},
    peaks: { counted },
  };
}

/** A permanent condition, worth no message: it is known, and its own doing. It ends when the stage gets a log. */
function judgeUnlogged(group: Group, account: Scope, minute: Minute): Judgement[] {
  const { counted, logged } = group.span(minute.end, BLINDNESS_MINUTES);
  const isUntold = group.stages.length === 1 ? counted > 0 : counted > logged && !doAgree(counted, logged);
  return group.unlogged.map((item) => ({
    ...judge(group, item, account, minute),
    verdict: isUntold ? 'breach' : 'borderline',
    severity: 'info',
  }));
}

/** @returns `null` while neither source says anything: silence of both is no evidence */
function judgeLogged(group: Group, account: Scope, minute: Minute, startMs: number): Judgement | null {
  const { subject, heardFrom, waited } = group;
  if (subject === null) return null;
  const { end } = minute;
  const { counted, logged } = newestSpan(group, end);
  if (counted === 0 && logged === 0 && minute.countedNow === 0) return null;
  const judgement = judge(group, subject, account, minute);
  const verdict = judgeSpans(group, end);
  // The requests may be those of the stage without a log.
  if (verdict === 'breach' && group.unlogged.length > 0)
    return { ...judgement, verdict: 'borderline', severity: 'info' };
  if (verdict !== 'breach') return { ...judgement, verdict, severity: 'warning' };
  // Before its first line there was no log, or nobody who read it.
  const isAwaited =
    heardFrom > end - BLINDNESS_MINUTES && waited + end - BLINDNESS_MINUTES <= PATIENCE_MINUTES;
  if (isAwaited) return { ...judgement, verdict, severity: 'info', sums: { waitedMinutes: 1 } };
  return {
    ...judgement,
    verdict,
    severity: judgement.latest.share >= CRITICAL_SHARE ? 'critical' : 'warning',
    since: { startedAtMs: startMs + (end - BLINDNESS_MINUTES) * MINUTE_MS, sums: {} },
  };
}

/** A stage that is gone, or is told as another one of its name now, is over. */
function judgeGone({ base }: BlindLogs, groups: readonly Group[]): Judgement[] {
  if (groups.length === 0) return [];
  const known = new Set(
    groups
      .flatMap(({ subject, unlogged }) => [...unlogged, ...(subject === null ? [] : [subject])])
      .map(stageKey),
  );
  return base
    .filter(({ kind, scope: { apiId, stage } }) => {
      if (kind !== 'blind.logs' || apiId === undefined || stage === undefined) return false;
      return !known.has(stageKey({ apiId, stage }));
    })
    .map(({ kind, scope, latest }) => ({
      kind,
      scope,
      verdict: 'clean',
      severity: 'warning',
      latest,
      sums: {},
      peaks: {},
    }));
}

/** Judges whether the access log of each stage tells what CloudWatch says it should, minute by minute. */
export function judgeBlindLogs(input: BlindLogs): JudgedMinute[] {
  const { sources, account } = input;
  const groups = prepare(input);
  const gone = judgeGone(input, groups);
  const minutes: JudgedMinute[] = [];
  for (let end = BLINDNESS_MINUTES + 1; end <= sources.logged.length; end += 1) {
    let requests = 0;
    let countedNow = 0;
    for (const group of groups) {
      const { counted, logged } = group.span(end, BLINDNESS_MINUTES);
      requests += Math.max(counted, logged);
      countedNow += newestSpan(group, end).counted;
    }
    const minute = { end, requests, countedNow };
    const judgements = groups.flatMap((group) => [
      ...judgeUnlogged(group, account, minute),
      ...[judgeLogged(group, account, minute, sources.startMs)].filter((judgement) => judgement !== null),
    ]);
    minutes.push({
      minuteMs: sources.startMs + (end - 1) * MINUTE_MS,
      judgements: [...capTold(judgements), ...gone],
    });
  }
  return minutes;
}
