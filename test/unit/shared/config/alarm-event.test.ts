import type { EventBridgeEvent, SNSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type AlertInput, readAlarmChanges } from '#shared/config/alarm-event.ts';
import { AlarmEventError } from '#shared/config/alarm-fields.ts';
import { alarmChangeOf, alarmEvent } from '#test/fakes/alarm-events.ts';

const SECRET = 'do-not-repeat-this';

type Edit = (fields: Record<string, unknown>) => unknown;

/** The event of a metric alarm with some fields of its detail replaced. */
function editedEvent(edit: Edit): AlertInput {
  const event = alarmEvent('metric.event') as EventBridgeEvent<string, Record<string, unknown>>;
  return { ...event, detail: { ...event.detail, ...(edit(event.detail) as object) } };
}

/** The message of a metric alarm with some fields replaced; `undefined` takes one away. */
function editedMessage(edit: Record<string, unknown>): AlertInput {
  const [record] = (alarmEvent('metric.sns') as SNSEvent).Records;
  if (record === undefined) throw new Error('The fixture has a record');
  const Message = JSON.stringify({ ...JSON.parse(record.Sns.Message), ...edit });
  return { Records: [{ ...record, Sns: { ...record.Sns, Message } }] };
}

function onlyChange(event: AlertInput) {
  const changes = readAlarmChanges(event) ?? [];
  expect(changes).toHaveLength(1);
  return changes[0];
}

describe('readAlarmChanges()', () => {
  it('reads a metric alarm from EventBridge', () => {
    expect(alarmChangeOf('metric.event')).toEqual({
      name: 'orders-5xx',
      arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-5xx',
      accountId: '123456789012',
      region: 'us-east-1',
      state: 'ALARM',
      changedAtMs: Date.parse('2026-03-02T14:05:40.989Z'),
      previous: { state: 'OK', sinceMs: Date.parse('2026-03-02T13:41:40.987Z') },
      reason: expect.stringMatching(/^Threshold Crossed: 2 out of the last 3 datapoints/),
      description: expect.stringContaining('Severity: critical'),
      metrics: [
        {
          namespace: 'AWS/ApiGateway',
          name: '5XXError',
          dimensions: { ApiName: 'orders-api', Stage: 'prod' },
          stat: 'Sum',
          periodSeconds: 60,
          returnData: true,
        },
      ],
      expressions: [],
      threshold: 25,
      band: null,
      recentDatapoints: [2, 44, 61],
      rule: null,
      triggeringAlarms: [],
      isHeldBack: false,
    });
  });

  it.each(['metric', 'metric-ok', 'metric-no-data', 'math', 'band'])(
    'reads the same of %s.sns as of its event, but for when the state before began and older datapoints',
    (name) => {
      const fromEvent = alarmChangeOf(`${name}.event`);
      const fromMessage = alarmChangeOf(`${name}.sns`);

      const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
      expect({ ...fromMessage, metrics: fromMessage.metrics.toSorted(byName) }).toEqual({
        ...fromEvent,
        metrics: fromEvent.metrics.toSorted(byName),
        previous: { state: fromEvent.previous?.state, sinceMs: null },
        recentDatapoints: fromMessage.recentDatapoints,
      });
      expect(fromMessage.recentDatapoints.at(-1)).toBe(fromEvent.recentDatapoints.at(-1));
    },
  );

  it('reads expression and label of a math alarm', () => {
    const { expressions, metrics, threshold } = alarmChangeOf('math.event');

    expect(expressions).toEqual([
      { expression: '100 * errors / requests', label: 'Error rate', returnData: true },
    ]);
    expect(metrics.map(({ name, returnData }) => [name, returnData])).toEqual([
      ['5xx', false],
      ['Count', false],
    ]);
    expect(threshold).toBe(5);
  });

  it.each(['band.event', 'band.sns'])('reads the bounds of an anomaly band from %s', (name) => {
    const { band, threshold, recentDatapoints } = alarmChangeOf(name);

    expect(band).toEqual({ lower: 193.33593366980995, upper: 531.4406901351432 });
    expect(threshold).toBeNull();
    expect(recentDatapoints).toEqual([41]);
  });

  it.each(['composite.event', 'composite.sns'])('reads rule and triggering alarms from %s', (name) => {
    const change = alarmChangeOf(name);

    expect(change).toMatchObject({
      name: 'shop-down',
      metrics: [],
      expressions: [],
      recentDatapoints: [],
      rule: 'ALARM(orders-5xx) OR ALARM(payments-error-rate)',
      triggeringAlarms: [{ name: 'orders-5xx', state: 'ALARM' }],
      isHeldBack: false,
    });
  });

  it.each(['composite-suppressed.event', 'metric-muted.event', 'metric-muted-ok.event'])(
    'knows of %s that its actions are held back',
    (name) => {
      expect(alarmChangeOf(name).isHeldBack).toBe(true);
    },
  );

  it('takes an alarm that was deleted for one that is up no more, later than it changed last', () => {
    expect(alarmChangeOf('configuration-change.event')).toMatchObject({
      name: 'orders-5xx',
      state: 'OK',
      changedAtMs: Date.parse('2026-03-02T14:05:40.990Z'),
      previous: null,
      reason: 'The alarm was deleted',
    });
  });

  it.each(['create', 'update'])('finds no change of an alarm in its %s', (operation) => {
    const event = alarmEvent('configuration-change.event') as EventBridgeEvent<string, object>;

    expect(readAlarmChanges({ ...event, detail: { ...event.detail, operation } })).toEqual([]);
  });

  it.each(['contributor.event', 'contributor.sns', 'other-message.sns'])(
    'finds no change of an alarm in %s',
    (name) => {
      expect(readAlarmChanges(alarmEvent(name))).toEqual([]);
    },
  );

  it('leaves alone what is not about alarms', () => {
    const event = { ...alarmEvent('metric.event'), source: 'gatewatch' } as AlertInput;

    expect(readAlarmChanges(event)).toBeNull();
  });

  it('takes the Region’s code from the ARN, as the message has its name for people', () => {
    const AlarmArn = 'arn:aws-cn:cloudwatch:cn-north-1:210987654321:alarm:a: colon';

    expect(onlyChange(editedMessage({ AlarmArn, Region: 'China (Beijing)' }))).toMatchObject({
      region: 'cn-north-1',
      accountId: '210987654321',
    });
  });

  it.each([
    ['2026-03-02T14:05:40.989+0000'],
    ['2026-03-02T14:05:40.989+00:00'],
    ['2026-03-02T14:05:40.989Z'],
    ['2026-03-02T16:05:40.989+0200'],
  ])('reads the time %s', (StateChangeTime) => {
    const change = onlyChange(editedMessage({ StateChangeTime }));

    expect(change?.changedAtMs).toBe(Date.parse('2026-03-02T14:05:40.989Z'));
  });

  it('reads an alarm of which only the needed fields are there', () => {
    const event = editedEvent(() => ({
      state: { value: 'ALARM', timestamp: '2026-03-02T14:05:40.989+0000' },
      previousState: undefined,
      configuration: undefined,
    }));

    expect(onlyChange(event)).toMatchObject({
      previous: null,
      reason: '',
      description: '',
      metrics: [],
      threshold: null,
      recentDatapoints: [],
    });
  });

  it.each([['no JSON'], ['[]'], ['{"threshold":"high","recentDatapoints":"none"}'], ['null']])(
    'reads an alarm whose reason data is %s, as set-alarm-state takes any text',
    (reasonData) => {
      const event = editedEvent(({ state }) => ({
        state: { ...(state as object), reason: 'a test', reasonData },
      }));

      expect(onlyChange(event)).toMatchObject({ threshold: null, band: null, recentDatapoints: [] });
    },
  );

  it('reads the datapoints of an alarm on logs, whose reason data is no string', () => {
    const event = editedMessage({
      NewStateReason: 'Threshold Crossed: 1 out of the last 1 query results [142.0 (02/03/26 14:04:00)].',
      NewStateReasonData: { version: '1.0', threshold: 100 },
      Trigger: undefined,
    });

    expect(onlyChange(event)).toMatchObject({ threshold: 100, recentDatapoints: [142] });
  });

  it.each<[string, AlertInput]>([
    ['detail.alarmName is empty', editedEvent(() => ({ alarmName: '' }))],
    ['detail.alarmName is too long', editedEvent(() => ({ alarmName: SECRET.repeat(20) }))],
    [
      'detail.state.value is not',
      editedEvent(() => ({ state: { value: SECRET, timestamp: '2026-03-02T14:05:40Z' } })),
    ],
    ['detail.state.timestamp is no time', editedEvent(() => ({ state: { value: 'OK', timestamp: SECRET } }))],
    ['detail.state is not Object', editedEvent(() => ({ state: SECRET }))],
    [
      'detail.configuration.metrics is not Array',
      editedEvent(() => ({ configuration: { metrics: SECRET } })),
    ],
    [
      'resources.0 is not the ARN of an alarm',
      { ...alarmEvent('metric.event'), resources: [SECRET] } as AlertInput,
    ],
    ['AlarmArn is missing', editedMessage({ AlarmArn: undefined })],
    ['AlarmArn is not the ARN of an alarm', editedMessage({ AlarmArn: SECRET })],
    ['NewStateValue is not', editedMessage({ NewStateValue: SECRET })],
    ['StateChangeTime is no time', editedMessage({ StateChangeTime: SECRET })],
    ['Trigger.Metrics is not Array', editedMessage({ Trigger: { Metrics: SECRET } })],
  ])('throws that %s, without what is in it', (problem, event) => {
    const read = () => readAlarmChanges(event);

    expect(read).toThrow(AlarmEventError);
    expect(read).toThrow(`Alarm event: ${problem}`);
    expect(read).not.toThrow(SECRET);
  });
});
