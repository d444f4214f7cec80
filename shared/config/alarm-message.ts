import * as v from 'valibot';
import {
  AlarmArn,
  Name,
  OptionalText,
  ownerOf,
  parseFields,
  State,
  Time,
} from '#shared/config/alarm-fields.ts';
import { alarmNameIn, readAlarmReason } from '#shared/config/alarm-reason.ts';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';

/** Of a topic's messages, those about alarms have this. */
const AlarmMessage = v.looseObject({ AlarmName: v.string() });

/** With `name` and `value` in CloudWatch's messages, and with capitals as its API has them. */
const DimensionSchema = v.object({
  name: v.nullish(v.string()),
  value: v.nullish(v.string()),
  Name: v.nullish(v.string()),
  Value: v.nullish(v.string()),
});

const Dimensions = v.pipe(
  v.nullish(v.array(DimensionSchema), []),
  v.transform((pairs) =>
    Object.fromEntries(pairs.map((pair) => [pair.name ?? pair.Name ?? '', pair.value ?? pair.Value ?? ''])),
  ),
);

const MetricSchema = v.object({
  Expression: v.nullish(v.string()),
  Label: v.nullish(v.string()),
  ReturnData: v.nullish(v.boolean(), true),
  MetricStat: v.nullish(
    v.object({
      Metric: v.object({
        Namespace: v.nullish(v.string(), ''),
        MetricName: v.nullish(v.string(), ''),
        Dimensions,
      }),
      Period: v.nullish(v.number(), null),
      Stat: v.nullish(v.string(), null),
    }),
  ),
});

/** A single metric stands in the trigger itself, several are listed. */
const TriggerSchema = v.object({
  MetricName: v.nullish(v.string()),
  Namespace: v.nullish(v.string(), ''),
  Statistic: v.nullish(v.string(), null),
  ExtendedStatistic: v.nullish(v.string(), null),
  Dimensions,
  Period: v.nullish(v.number(), null),
  Threshold: v.fallback(v.nullish(v.number(), null), null),
  ThresholdMetricId: v.nullish(v.string()),
  Metrics: v.nullish(v.array(MetricSchema), []),
});

type Trigger = v.InferOutput<typeof TriggerSchema>;

/** No documentation lists the fields; they are as messages show them. */
const MessageSchema = v.object({
  AlarmName: Name,
  AlarmArn,
  AlarmDescription: OptionalText,
  NewStateValue: State,
  NewStateReason: OptionalText,
  NewStateReasonData: v.optional(v.unknown()),
  StateChangeTime: Time,
  OldStateValue: v.fallback(v.nullish(State, null), null),
  AlarmContributorId: v.nullish(v.string()),
  Trigger: v.nullish(TriggerSchema),
  AlarmRule: v.nullish(v.string(), null),
  TriggeringChildren: v.nullish(
    v.array(v.object({ Arn: v.string(), State: v.object({ Value: v.string() }) })),
    [],
  ),
});

/** `SAMPLE_COUNT` is what EventBridge calls `SampleCount`. */
function statOf({ Statistic, ExtendedStatistic }: Trigger): string | null {
  if (Statistic === null) return ExtendedStatistic;
  return Statistic.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, first: string) => first.toUpperCase());
}

function metricsOf(trigger: Trigger): AlarmChange['metrics'] {
  if (trigger.MetricName) {
    const { MetricName: name, Namespace: namespace, Dimensions: dimensions, Period: periodSeconds } = trigger;
    return [{ namespace, name, dimensions, stat: statOf(trigger), periodSeconds, returnData: true }];
  }
  return trigger.Metrics.flatMap(({ MetricStat, ReturnData: returnData }) => {
    if (!MetricStat) return [];
    const { Metric, Period: periodSeconds, Stat: stat } = MetricStat;
    const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = Metric;
    return { namespace, name, dimensions, stat, periodSeconds, returnData };
  });
}

function expressionsOf(trigger: Trigger): AlarmChange['expressions'] {
  return trigger.Metrics.flatMap(({ Expression, Label, ReturnData: returnData }) =>
    Expression ? { expression: Expression, label: Label ?? null, returnData } : [],
  );
}

/** Of a band's alarm, a threshold would be the one of the alarm before. */
function thresholdOf(trigger: Trigger | null | undefined): number | null {
  return trigger?.ThresholdMetricId ? null : (trigger?.Threshold ?? null);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a topic has messages for people as well
  }
}

/**
 * Reads the message that an alarm sends to a topic.
 *
 * @returns `null` for a message about something else, and for one about a single series of an alarm's
 * @throws {AlarmEventError} If it is an alarm's and a field is not as such messages have it
 */
export function parseAlarmMessage(message: string): AlarmChange | null {
  const json = parseJson(message);
  if (!v.is(AlarmMessage, json)) return null;
  const fields = parseFields(MessageSchema, json);
  if (fields.AlarmContributorId) return null;
  const { Trigger: trigger, NewStateReason: reason, AlarmArn: arn } = fields;
  const told = readAlarmReason(reason, fields.NewStateReasonData);
  const children = fields.TriggeringChildren.map(({ Arn, State: state }) => ({
    name: alarmNameIn(Arn),
    state: state.Value,
  }));
  return {
    name: fields.AlarmName,
    arn,
    // The message's Region is its name for people, such as "US West (Oregon)".
    ...ownerOf(arn),
    state: fields.NewStateValue,
    changedAtMs: fields.StateChangeTime,
    previous: fields.OldStateValue === null ? null : { state: fields.OldStateValue, sinceMs: null },
    reason,
    description: fields.AlarmDescription,
    metrics: trigger ? metricsOf(trigger) : [],
    expressions: trigger ? expressionsOf(trigger) : [],
    rule: fields.AlarmRule,
    ...told,
    threshold: thresholdOf(trigger) ?? told.threshold,
    triggeringAlarms: children.length > 0 ? children : told.triggeringAlarms,
    isHeldBack: false, // an alarm that is held back sends no message
  };
}
