import { describe, expect, it } from 'vitest';
import { receiveAlarm } from '#shared/application/receive-alarm.ts';
import { readAlarmChanges } from '#shared/config/alarm-event.ts';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { alarmChangeOf, alarmEvent, createAlarmChange } from '#test/fakes/alarm-events.ts';

const CHOICE = { stackName: 'gatewatch-prod', names: ['shop-*'] };

function findingOf(change: AlarmChange): Finding | undefined {
  const event = receiveAlarm(change, CHOICE);
  return event?.type === 'findings' ? event.findings[0] : undefined;
}

/** What an event of the fixtures makes; `undefined` for nothing. */
function received(fixture: string): Finding | undefined {
  const [change] = readAlarmChanges(alarmEvent(fixture)) ?? [];
  return change === undefined ? undefined : findingOf(change);
}

function evidenceOf(fixture: string): Record<string, string> {
  return Object.fromEntries(received(fixture)?.evidence.map(({ label, value }) => [label, value]) ?? []);
}

/** Start and end of the finding as clocks, so that a row is readable. */
function row(fixture: string) {
  const finding = received(fixture);
  if (finding === undefined) return null;
  const { status, severity, startedAt, observedAt, isUnknown = false, value, expected, unit } = finding;
  return [
    status,
    severity,
    startedAt.slice(11, 19),
    observedAt.slice(11, 19),
    isUnknown,
    value,
    expected,
    unit,
  ];
}

describe('receiveAlarm()', () => {
  it.each([
    // Metric alarms.
    ['metric.event', ['open', 'critical', '14:05:40', '14:05:40', false, 61, 25, '5XXError']],
    ['metric.sns', ['open', 'critical', '14:05:40', '14:05:40', false, 61, 25, '5XXError']],
    ['metric-ok.event', ['cleared', 'critical', '14:05:40', '14:25:40', false, 1, 25, '5XXError']],
    // A message does not tell since when the alarm was up; the incident knows.
    ['metric-ok.sns', ['cleared', 'critical', '14:25:40', '14:25:40', false, 1, 25, '5XXError']],
    ['metric-no-data.event', ['open', 'critical', '14:05:40', '14:15:40', true, 0, 25, '5XXError']],
    ['metric-no-data.sns', ['open', 'critical', '14:15:40', '14:15:40', true, 0, 25, '5XXError']],
    ['gatewatch-metric.event', ['open', 'warning', '14:05:40', '14:05:40', false, 61, 25, 'Requests']],
    // Math, queries, bands, composites.
    ['math.event', ['open', 'warning', '14:05:40', '14:05:40', false, 12.5, 5, 'Error rate']],
    ['math.sns', ['open', 'warning', '14:05:40', '14:05:40', false, 12.5, 5, 'Error rate']],
    ['insights.event', ['open', 'warning', '14:05:40', '14:05:40', false, 0, null, '']],
    ['band.event', ['open', 'warning', '14:05:40', '14:05:40', false, 41, 193.33593366980995, 'Count']],
    ['band.sns', ['open', 'warning', '14:05:40', '14:05:40', false, 41, 193.33593366980995, 'Count']],
    // It was up for two minutes, in which its suppressor was waited for.
    ['composite.event', ['open', 'warning', '14:05:41', '14:07:41', false, 1, null, 'alarms']],
    ['composite.sns', ['open', 'warning', '14:07:41', '14:07:41', false, 1, null, 'alarms']],
    // Held back: opens nothing, and closes without having opened.
    ['composite-suppressed.event', null],
    ['metric-muted.event', null],
    ['metric-muted-ok.event', ['cleared', 'info', '14:25:40', '14:25:40', false, 1, 25, '5XXError']],
    // Deleted while it was up.
    ['configuration-change.event', ['cleared', 'info', '14:05:40', '14:05:40', false, 0, null, '5XXError']],
    // No change of an alarm's state.
    ['contributor.event', null],
    ['contributor.sns', null],
    ['other-message.sns', null],
    // Gatewatch's own, and those of others.
    ['own.event', null],
    ['own-pipeline.event', null],
    ['foreign.event', null],
    ['foreign.sns', null],
  ])('makes of %s: %j', (fixture, expected) => {
    expect(row(fixture)).toEqual(expected);
  });

  it('names the alarm, its API and its stage in the scope, and the alarm alone in the id', () => {
    const finding = received('metric.event');
    const ofHttpApi = received('math.event');

    expect(finding?.scope).toEqual({
      accountId: '123456789012',
      region: 'us-east-1',
      subject: 'orders-5xx',
      apiName: 'orders-api',
      stage: 'prod',
    });
    expect(ofHttpApi?.scope).toMatchObject({ apiId: 'a1b2fixture', stage: '$default' });
    expect(finding?.id).toMatch(/^[\da-f]{64}$/);
    expect(findingOf(createAlarmChange({ metrics: [] }))?.id).toBeUndefined();
    const elsewhere = createAlarmChange();
    const [metric] = elsewhere.metrics;
    const edited = metric && { ...metric, dimensions: { ApiName: 'other-api' } };
    expect(findingOf({ ...elsewhere, metrics: edited ? [edited] : [] })?.id).toBe(finding?.id);
    expect(findingOf({ ...elsewhere, name: 'orders-4xx' })?.id).not.toBe(finding?.id);
    expect(findingOf({ ...elsewhere, region: 'eu-west-1' })?.id).not.toBe(finding?.id);
  });

  it('names no API where the metrics are about several', () => {
    const change = alarmChangeOf('metric.event');
    const [metric] = change.metrics;
    if (metric === undefined) throw new Error('The fixture has a metric');
    const other = { ...metric, dimensions: { ApiName: 'users-api', Stage: 'prod' } };

    const scope = findingOf({ ...change, metrics: [metric, other] })?.scope;

    expect(scope).not.toHaveProperty('apiName');
    expect(scope).toHaveProperty('stage', 'prod');
  });

  it('says what a metric alarm saw, with a link to it', () => {
    const finding = received('metric.event');

    expect(finding?.title).toBe('CloudWatch alarm orders-5xx');
    expect(evidenceOf('metric.event')).toMatchObject({
      Now: '61 (threshold 25)',
      Metric: 'AWS/ApiGateway 5XXError (Sum, 60 s)',
      Dimensions: 'ApiName orders-api, Stage prod',
      Reason: expect.stringMatching(/^Threshold Crossed/),
      Description: expect.stringContaining('https://wiki.example.com/orders'),
    });
    expect(finding?.links).toEqual([
      {
        label: 'Alarm',
        url: 'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/orders-5xx',
      },
    ]);
    expect(finding?.dataDelaySeconds).toBe(60);
  });

  it('says what math, band and composite alarms saw', () => {
    expect(evidenceOf('math.event')).toMatchObject({
      Now: '12.5 (threshold 5)',
      Expression: '100 * errors / requests',
      Metric: 'AWS/ApiGateway 5xx (Sum, 300 s) · AWS/ApiGateway Count (Sum, 300 s)',
    });
    expect(evidenceOf('band.event')).toMatchObject({
      Now: '41 (band 193.3 to 531.4)',
      Expression: 'ANOMALY_DETECTION_BAND(m1, 2)',
    });
    expect(evidenceOf('composite.event')).toMatchObject({
      Rule: 'ALARM(orders-5xx) OR ALARM(payments-error-rate)',
      'Triggered by': 'orders-5xx ALARM',
    });
    expect(evidenceOf('composite.event')).not.toHaveProperty('Now');
  });

  it('says of an alarm without data since when, and of one that is over no “now”', () => {
    expect(evidenceOf('metric-no-data.event')).toMatchObject({
      'Alarm state': 'INSUFFICIENT_DATA since 14:15 UTC',
    });
    expect(received('metric-no-data.event')?.title).toBe('CloudWatch alarm orders-5xx has no data');
    expect(evidenceOf('metric-ok.event')).toMatchObject({ 'Back at': '1 (threshold 25)' });
    expect(evidenceOf('metric-ok.event')).not.toHaveProperty('Now');
  });

  it.each([
    ['OK', 'INSUFFICIENT_DATA', ['cleared', 'info']],
    ['OK', 'OK', ['cleared', 'info']],
    ['OK', null, ['cleared', 'info']],
    ['INSUFFICIENT_DATA', 'OK', null],
    ['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', null],
    ['INSUFFICIENT_DATA', null, null],
    ['ALARM', 'INSUFFICIENT_DATA', ['open', 'warning']],
    ['ALARM', null, ['open', 'warning']],
  ] as const)('makes of %s after %s: %j', (state, before, expected) => {
    const previous = before === null ? null : { state: before, sinceMs: 0 };

    const finding = findingOf(createAlarmChange({ state, previous }));

    expect(finding === undefined ? null : [finding.status, finding.severity]).toEqual(expected);
  });

  it('opens nothing for an alarm that loses its data while it is held back', () => {
    const previous = { state: 'ALARM', sinceMs: 0 } as const;

    expect(
      findingOf(createAlarmChange({ state: 'INSUFFICIENT_DATA', previous, isHeldBack: true })),
    ).toBeUndefined();
  });

  it.each([
    ['severity: critical', 'critical'],
    ['Orders fail.\nSEVERITY:Critical\nCall somebody', 'critical'],
    ['severity: critically low', 'warning'],
    ['nonseverity: critical', 'warning'],
    ['This is critical', 'warning'],
  ])('takes the severity of the description %j for %s', (description, severity) => {
    expect(findingOf(createAlarmChange({ description }))?.severity).toBe(severity);
  });
});
