import type { EventBridgeEvent, SNSEvent, SNSEventRecord } from 'aws-lambda';
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
import { parseAlarmMessage } from '#shared/config/alarm-message.ts';
import { readAlarmReason } from '#shared/config/alarm-reason.ts';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';

const MetricSchema = v.object({
  expression: v.nullish(v.string()),
  label: v.nullish(v.string()),
  returnData: v.nullish(v.boolean(), true),
  metricStat: v.nullish(
    v.object({
      metric: v.object({
        namespace: v.nullish(v.string(), ''),
        name: v.nullish(v.string(), ''),
        dimensions: v.nullish(v.record(v.string(), v.unknown()), {}),
      }),
      period: v.nullish(v.number(), null),
      stat: v.nullish(v.string(), null),
    }),
  ),
});

const StateSchema = v.object({
  value: State,
  timestamp: Time,
  reason: OptionalText,
  reasonData: v.optional(v.unknown()),
  actionsSuppressedBy: v.nullish(v.string()),
});

/**
 * Of the event's fields, those that are read.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html}
 */
const EventSchema = v.object({
  time: Time,
  resources: v.tupleWithRest([AlarmArn], v.unknown()),
  detail: v.object({
    alarmName: Name,
    operation: v.optional(v.string()),
    state: StateSchema,
    previousState: v.nullish(v.object({ value: State, timestamp: v.fallback(v.nullable(Time), null) })),
    configuration: v.nullish(
      v.object({
        description: OptionalText,
        metrics: v.nullish(v.array(MetricSchema), []),
        alarmRule: v.nullish(v.string(), null),
      }),
    ),
    muteDetail: v.optional(v.unknown()),
  }),
});

const STATE_CHANGE = 'CloudWatch Alarm State Change';
const CONFIGURATION_CHANGE = 'CloudWatch Alarm Configuration Change';

type Event = v.InferOutput<typeof EventSchema>;

/** What is new about an alarm. One that was deleted is up no more, whatever its last state was. */
function newsOf({ time, detail }: Event): Pick<AlarmChange, 'state' | 'changedAtMs' | 'previous' | 'reason'> {
  const { operation, state, previousState } = detail;
  if (operation === 'delete') {
    const changedAtMs = Math.max(time, state.timestamp + 1); // the event's time has whole seconds
    return { state: 'OK', changedAtMs, previous: null, reason: 'The alarm was deleted' };
  }
  return {
    state: state.value,
    changedAtMs: state.timestamp,
    previous: previousState ? { state: previousState.value, sinceMs: previousState.timestamp } : null,
    reason: state.reason,
  };
}

type Metric = v.InferOutput<typeof MetricSchema>;

function metricsOf(metrics: readonly Metric[]): AlarmChange['metrics'] {
  return metrics.flatMap(({ metricStat, returnData }) => {
    if (!metricStat) return [];
    const { metric, period, stat } = metricStat;
    const dimensions = Object.entries(metric.dimensions).map(([name, value]) => [name, String(value)]);
    return {
      namespace: metric.namespace,
      name: metric.name,
      dimensions: Object.fromEntries(dimensions),
      stat,
      periodSeconds: period,
      returnData,
    };
  });
}

function expressionsOf(metrics: readonly Metric[]): AlarmChange['expressions'] {
  return metrics.flatMap(({ expression, label, returnData }) =>
    expression ? { expression, label: label ?? null, returnData } : [],
  );
}

/**
 * Reads an event of CloudWatch's on the account's default bus.
 *
 * @returns `null` for what is no change of an alarm's state: another change of its configuration than its end, or of one of
 * the series that an alarm looks at, which the alarm itself sums up
 * @throws {AlarmEventError} If a field is not as documented
 */
function parseAlarmEvent(event: EventBridgeEvent<string, unknown>): AlarmChange | null {
  const type = event['detail-type'];
  if (type !== STATE_CHANGE && type !== CONFIGURATION_CHANGE) return null;
  const parsed = parseFields(EventSchema, event);
  if (type === CONFIGURATION_CHANGE && parsed.detail.operation !== 'delete') return null;
  const { resources, detail } = parsed;
  const [arn] = resources;
  const { alarmName, state, configuration, muteDetail } = detail;
  const metrics = configuration?.metrics ?? [];
  return {
    name: alarmName,
    arn,
    ...ownerOf(arn),
    ...newsOf(parsed),
    description: configuration?.description ?? '',
    metrics: metricsOf(metrics),
    expressions: expressionsOf(metrics),
    rule: configuration?.alarmRule ?? null,
    ...readAlarmReason(state.reason, state.reasonData),
    isHeldBack: Boolean(state.actionsSuppressedBy) || Boolean(muteDetail),
  };
}

/** What may invoke the function that dispatches. */
export type AlertInput = EventBridgeEvent<string, unknown> | SNSEvent;

/**
 * Reads the changes of alarms that an event holds.
 *
 * @returns `null` if the event is not about alarms at all
 * @throws {AlarmEventError} If it is, and cannot be read
 */
export function readAlarmChanges(event: AlertInput): readonly AlarmChange[] | null {
  if ('Records' in event) {
    const changes = event.Records.map((record: SNSEventRecord) => parseAlarmMessage(record.Sns.Message));
    return changes.filter((change) => change !== null);
  }
  if (event.source !== 'aws.cloudwatch') return null;
  const change = parseAlarmEvent(event);
  return change === null ? [] : [change];
}
