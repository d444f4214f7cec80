import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';
import { describeAlarm } from '#shared/domain/alarms/describe-alarm.ts';
import { plainLine } from '#shared/domain/alarms/plain-line.ts';
import type { Finding, Scope, Severity } from '#shared/domain/detection/finding.ts';

/** Who states what alarms tell: no evaluation of Gatewatch's can end it. */
const EVALUATOR = 'cloudwatch-alarms';

/** As the author of the alarm wishes, in its description. */
const SAYS_CRITICAL = /\bseverity:\s*critical\b/i;

const MAX_ID = 200;

/** What an alarm is about, apart from what it looks at, which somebody may change while it is up. */
export function alarmScope({ accountId, region, name }: AlarmChange): Scope {
  return { accountId, region, subject: name };
}

/** A dimension that all metrics that have it agree on. */
function dimensionOf({ metrics }: AlarmChange, name: string): string | undefined {
  const values = new Set(
    metrics.map(({ dimensions }) => dimensions[name]).filter((value) => value !== undefined),
  );
  const [value] = values;
  return values.size === 1 && value !== undefined ? plainLine(value, MAX_ID) : undefined;
}

function scopeOf(change: AlarmChange): Scope {
  const [apiId, apiName, stage] = ['ApiId', 'ApiName', 'Stage'].map((name) => dimensionOf(change, name));
  return {
    ...alarmScope(change),
    ...(apiId && { apiId }),
    ...(apiName && { apiName }),
    ...(stage && { stage }),
  };
}

type Told = {
  readonly status: Finding['status'];
  readonly startedAtMs: number;
  readonly severity: Severity;
  readonly isUnknown: boolean;
};

/** Since when it has been in ALARM, which ended or goes on with this change. */
function alarmSince({ previous, changedAtMs }: AlarmChange): number {
  return Math.min(previous?.state === 'ALARM' ? (previous.sinceMs ?? changedAtMs) : changedAtMs, changedAtMs);
}

/** What follows from the states before and after; `null` for nothing. */
function judge(change: AlarmChange): Told | null {
  const { state, previous, isHeldBack, changedAtMs } = change;
  const wasAlarm = previous?.state === 'ALARM';
  const severity = SAYS_CRITICAL.test(change.description) ? 'critical' : 'warning';
  const since = { startedAtMs: alarmSince(change), severity, isUnknown: false } as const;
  if (state === 'OK') {
    // Of information only: it ends an incident and makes none, as what it ends was told of or held back.
    const isForClosing = !wasAlarm || isHeldBack;
    if (isForClosing)
      return { status: 'cleared', startedAtMs: changedAtMs, severity: 'info', isUnknown: false };
    return { status: 'cleared', ...since };
  }
  if (isHeldBack) return null;
  if (state === 'ALARM') return { status: 'open', ...since };
  return wasAlarm ? { status: 'open', ...since, isUnknown: true } : null;
}

/** An alarm is as old as the period of its newest datapoint, at least. */
function delaySeconds({ metrics }: AlarmChange): number {
  return Math.max(0, ...metrics.map(({ periodSeconds }) => periodSeconds ?? 0));
}

/**
 * What a change of an alarm states: ALARM is open, OK has cleared, and without data an alarm that was up stays open, though
 * nobody knows whether the trouble goes on.
 *
 * @returns The finding, for the caller to add its id; `null` for a change that neither opens nor ends anything
 */
export function alarmFinding(change: AlarmChange): Omit<Finding, 'id'> | null {
  const told = judge(change);
  if (told === null) return null;
  const { status, startedAtMs, severity, isUnknown } = told;
  const changedAt = new Date(change.changedAtMs).toISOString();
  return {
    schemaVersion: 1,
    startedAt: new Date(startedAtMs).toISOString(),
    kind: 'cloudwatch-alarm',
    evaluator: EVALUATOR,
    severity,
    status,
    scope: scopeOf(change),
    observedAt: changedAt,
    lastBadAt: changedAt,
    dataDelaySeconds: delaySeconds(change),
    ...(isUnknown && { isUnknown }),
    cause: null,
    ...describeAlarm(change),
  };
}
