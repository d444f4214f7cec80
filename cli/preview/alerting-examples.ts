import type { Example } from '#cli/preview/example.ts';
import { type Phase, stated, withId } from '#cli/preview/example-findings.ts';
import { EXAMPLE_ACCOUNT } from '#cli/preview/example-stages.ts';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';
import { alarmFinding } from '#shared/domain/alarms/alarm-finding.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { endDrillFinding, toDrillFinding } from '#shared/domain/findings/describe-drill.ts';
import { toHeldBackFinding } from '#shared/domain/findings/describe-held-back.ts';
import { describeUndeliverable } from '#shared/domain/findings/describe-undeliverable.ts';
import type { Mute } from '#shared/domain/incidents/mute.ts';

const ALARM: Omit<AlarmChange, 'state' | 'changedAtMs' | 'previous'> = {
  ...EXAMPLE_ACCOUNT,
  name: 'orders-api-5xx',
  arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-api-5xx',
  reason:
    'Threshold Crossed: 2 out of the last 2 datapoints [61.0, 44.0] were greater than the threshold (25.0).',
  description: 'Orders fail. Owner: team checkout.',
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
  recentDatapoints: [44, 61],
  rule: null,
  triggeringAlarms: [],
  isHeldBack: false,
};

function stateAlarm({ status, startedAtMs, observedAtMs }: Phase): Finding {
  const isOpen = status === 'open';
  const finding = alarmFinding({
    ...ALARM,
    state: isOpen ? 'ALARM' : 'OK',
    changedAtMs: isOpen ? startedAtMs : observedAtMs,
    previous: { state: isOpen ? 'OK' : 'ALARM', sinceMs: isOpen ? null : startedAtMs },
  });
  if (finding === null) throw new Error('An alarm that goes off states a finding');
  return withId(finding);
}

function stateUndeliverable(phase: Phase): Finding {
  return withId({
    ...stated(phase),
    kind: 'alerting.undeliverable',
    scope: { ...EXAMPLE_ACCOUNT, subject: 'slack' },
    ...describeUndeliverable({ receiver: 'slack', reason: 'channel_not_found', refused: 3 }),
  });
}

function stateHeldBack({ startedAtMs }: Phase): Finding {
  const mute: Mute = {
    schemaVersion: 1,
    id: '3f9a2c1b',
    match: { api: 'orders-api' },
    reason: 'load test of the checkout',
    createdBy: 'ana',
    createdAtMs: startedAtMs - 2 * 3_600_000,
    untilMs: startedAtMs,
    endedAtMs: null,
    heldBack: {
      count: 2,
      incidents: [
        {
          id: 'errors',
          title: 'orders-api/prod: integration timeouts (504)',
          severity: 'critical',
          openedAt: new Date(startedAtMs - 3_600_000).toISOString(),
        },
        {
          id: 'slow',
          title: 'orders-api/prod is slow',
          severity: 'warning',
          openedAt: new Date(startedAtMs - 5_000_000).toISOString(),
        },
      ],
    },
  };
  return withId(toHeldBackFinding(mute, EXAMPLE_ACCOUNT, new Set(['slow'])));
}

function stateDrill({ status, startedAtMs, observedAtMs }: Phase): Finding {
  const account = EXAMPLE_ACCOUNT;
  const drill = toDrillFinding({
    id: '3f9a2c1b',
    account,
    severity: 'critical',
    startedBy: 'ana',
    startedAtMs,
  });
  return withId(status === 'open' ? drill : endDrillFinding(drill, observedAtMs));
}

/** Stories of alarms and of the alerting itself. */
export const ALERTING_EXAMPLES: readonly Example[] = [
  {
    name: 'alarm',
    summary: 'an alarm of CloudWatch has gone off',
    severity: 'warning',
    findings: [stateAlarm],
  },
  {
    name: 'undeliverable',
    summary: 'Slack does not take messages, as another receiver is told',
    severity: 'warning',
    findings: [stateUndeliverable],
  },
  {
    name: 'held-back',
    summary: 'a mute is over: what it held back',
    severity: 'warning',
    findings: [stateHeldBack],
    isOver: true,
  },
  { name: 'drill', summary: 'a test that somebody sent', severity: 'critical', findings: [stateDrill] },
];
