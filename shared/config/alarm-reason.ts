import * as v from 'valibot';
import type { AlarmBand, TriggeringAlarm } from '#shared/domain/alarms/alarm-change.ts';

/** What the reason of an alarm's state tells. */
export type AlarmReason = {
  readonly threshold: number | null;
  readonly band: AlarmBand | null;
  /** Newest last. */
  readonly recentDatapoints: readonly number[];
  readonly triggeringAlarms: readonly TriggeringAlarm[];
};

const Numbers = v.array(v.nullable(v.number()));

function lenient<const TSchema extends v.GenericSchema>(schema: TSchema) {
  return v.fallback(v.nullish(schema), null);
}

/** Everything in it may be missing or other than expected: it only adds to what the state tells. */
const ReasonDataSchema = v.object({
  threshold: lenient(v.number()),
  recentDatapoints: lenient(Numbers),
  recentLowerThresholds: lenient(Numbers),
  recentUpperThresholds: lenient(Numbers),
  evaluatedDatapoints: lenient(v.array(v.object({ timestamp: v.string(), value: v.nullish(v.number()) }))),
  triggeringAlarms: lenient(v.array(v.object({ arn: v.string(), state: v.object({ value: v.string() }) }))),
});

type ReasonData = v.InferOutput<typeof ReasonDataSchema>;

/** CloudWatch writes JSON into a string; alarms on logs have it as it is. */
function readReasonData(data: unknown): ReasonData | null {
  try {
    const result = v.safeParse(ReasonDataSchema, typeof data === 'string' ? JSON.parse(data) : data);
    return result.success ? result.output : null;
  } catch {
    return null; // what somebody gave `set-alarm-state`, which takes any text
  }
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** `[537.0 (14/11/25 18:39:00), …]`: the text tells the newest first. */
function datapointsIn(reason: string): number[] {
  const found = reason.matchAll(/(-?\d[\d.]*(?:E[+-]?\d+)?) \(\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d\)/g);
  return [...found]
    .map(([, text]) => Number(text))
    .filter(isNumber)
    .reverse();
}

function datapointsOf(data: ReasonData | null, reason: string): number[] {
  const evaluated = data?.evaluatedDatapoints ?? [];
  if (evaluated.length > 0) {
    const oldestFirst = evaluated.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
    return oldestFirst.map(({ value }) => value).filter(isNumber);
  }
  const told = datapointsIn(reason);
  return told.length > 0 ? told : (data?.recentDatapoints ?? []).filter(isNumber);
}

function boundIn(reason: string, pattern: RegExp): number | null {
  const [, text] = pattern.exec(reason) ?? [];
  const bound = Number(text);
  return text === undefined || !Number.isFinite(bound) ? null : bound;
}

/** `lower thresholds [193.3] or greater than the upper thresholds [531.4]`: of several, the first is the newest one's. */
function bandOf(data: ReasonData | null, reason: string): AlarmBand | null {
  const lower = data?.recentLowerThresholds?.at(-1) ?? boundIn(reason, /lower thresholds \[(-?[\d.E+-]+)/);
  const upper = data?.recentUpperThresholds?.at(-1) ?? boundIn(reason, /upper thresholds \[(-?[\d.E+-]+)/);
  return lower === null && upper === null ? null : { lower, upper };
}

/** The name in the ARN of an alarm, which may hold colons; the text as it is if it is no such ARN. */
export function alarmNameIn(arn: string): string {
  return /^arn:[\w-]+:cloudwatch:[\w-]*:\d*:alarm:(.+)$/s.exec(arn)?.[1] ?? arn;
}

/**
 * Reads the reason of an alarm's state.
 *
 * @param reason - For people, such as `Threshold Crossed: 1 datapoint [1.0 (02/03/26 14:05:00)] was …`
 * @param data - For programs; it is missing in notifications and where somebody set the state
 */
export function readAlarmReason(reason: string, data: unknown): AlarmReason {
  const parsed = readReasonData(data);
  const triggering = parsed?.triggeringAlarms ?? [];
  return {
    threshold: parsed?.threshold ?? boundIn(reason, /the threshold \((-?[\d.E+-]+)\)/),
    band: bandOf(parsed, reason),
    recentDatapoints: datapointsOf(parsed, reason),
    triggeringAlarms: triggering.map(({ arn, state }) => ({ name: alarmNameIn(arn), state: state.value })),
  };
}
