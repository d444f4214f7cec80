import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AlertInput, readAlarmChanges } from '#shared/config/alarm-event.ts';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/alarms');

/** An event as EventBridge or SNS hands it over: `metric.event`, `metric.sns`. */
export function alarmEvent(name: string): AlertInput {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
}

/** The change of an alarm that such an event holds. */
export function alarmChangeOf(name: string): AlarmChange {
  const [change] = readAlarmChanges(alarmEvent(name)) ?? [];
  if (change === undefined) throw new Error(`${name}.json holds no change of an alarm`);
  return change;
}

/** The alarm `orders-5xx` of a REST API has just gone off, with the given differences. */
export function createAlarmChange(differences: Partial<AlarmChange> = {}): AlarmChange {
  return {
    name: 'orders-5xx',
    arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-5xx',
    accountId: '123456789012',
    region: 'us-east-1',
    state: 'ALARM',
    changedAtMs: Date.parse('2026-03-02T14:05:40.989Z'),
    previous: { state: 'OK', sinceMs: Date.parse('2026-03-02T13:41:40.987Z') },
    reason: 'Threshold Crossed',
    description: '',
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
    ...differences,
  };
}
