import type { SNSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { AlertEvent } from '#shared/application/ports.ts';
import { receiveAlarm } from '#shared/application/receive-alarm.ts';
import { parseAlertInput } from '#shared/config/alert-input.ts';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';
import { alarmEvent } from '#test/fakes/alarm-events.ts';
import { createFinding } from '#test/fakes/finding.ts';
import { busEvent } from '#test/infra/events.ts';

function receive(change: AlarmChange): AlertEvent | null {
  return receiveAlarm(change, { stackName: 'gatewatch-prod', names: [] });
}

function kindsOf(events: readonly AlertEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'findings' ? event.findings.map(({ kind }) => kind) : [event.type],
  );
}

describe('parseAlertInput()', () => {
  it('reads an event of the bus', () => {
    const event = busEvent('gatewatch', 'findings', { schemaVersion: 1, findings: [createFinding()] });

    expect(kindsOf(parseAlertInput(event, receive))).toEqual(['error-budget']);
  });

  it.each(['metric.event', 'metric.sns'])('reads the alarm of %s', (name) => {
    expect(kindsOf(parseAlertInput(alarmEvent(name), receive))).toEqual(['cloudwatch-alarm']);
  });

  it('reads every record of a notification', () => {
    const { Records } = alarmEvent('metric.sns') as SNSEvent;
    const other = alarmEvent('other-message.sns') as SNSEvent;
    const event = { Records: [...Records, ...other.Records, ...Records] };

    expect(kindsOf(parseAlertInput(event, receive))).toEqual(['cloudwatch-alarm', 'cloudwatch-alarm']);
  });

  it.each(['foreign.event', 'foreign.sns', 'own.event', 'other-message.sns'])(
    'makes nothing of %s',
    (name) => {
      expect(parseAlertInput(alarmEvent(name), receive)).toEqual([]);
    },
  );

  it('throws for an event of an unknown type', () => {
    expect(() => parseAlertInput(busEvent('gatewatch', 'other', {}), receive)).toThrow('unknown type other');
  });
});
