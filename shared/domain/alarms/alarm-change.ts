/** The states of an alarm of CloudWatch. */
export const ALARM_STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const;

export type AlarmState = (typeof ALARM_STATES)[number];

/** A metric that an alarm looks at. */
export type AlarmMetric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `p99`; `null` where it is not told. */
  readonly stat: string | null;
  readonly periodSeconds: number | null;
  /** True for what is compared with the threshold, false for what an expression is made of. */
  readonly returnData: boolean;
};

/** Metric math, an anomaly band or a query that an alarm works with. */
export type AlarmExpression = {
  readonly expression: string;
  readonly label: string | null;
  readonly returnData: boolean;
};

/** What is normal for an anomaly detection alarm; `null` for a bound that is not told. */
export type AlarmBand = { readonly lower: number | null; readonly upper: number | null };

/** An alarm that made a composite alarm change its state. */
export type TriggeringAlarm = { readonly name: string; readonly state: string };

/** An alarm of CloudWatch has changed its state. All texts are as somebody wrote them, and may be hostile. */
export type AlarmChange = {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  /** The Region's code, such as `us-east-1`. */
  readonly region: string;
  readonly state: AlarmState;
  /** Epoch milliseconds. */
  readonly changedAtMs: number;
  /** `null` where it is not told; `sinceMs` is epoch milliseconds, or `null`. */
  readonly previous: { readonly state: AlarmState; readonly sinceMs: number | null } | null;
  readonly reason: string;
  readonly description: string;
  readonly metrics: readonly AlarmMetric[];
  readonly expressions: readonly AlarmExpression[];
  readonly threshold: number | null;
  readonly band: AlarmBand | null;
  /** What the state was decided from, newest last. */
  readonly recentDatapoints: readonly number[];
  /** The rule of a composite alarm; `null` of any other. */
  readonly rule: string | null;
  readonly triggeringAlarms: readonly TriggeringAlarm[];
  /** True if its actions are withheld now: by a mute rule, by the suppressor of a composite alarm, or while that is waited for. */
  readonly isHeldBack: boolean;
};
