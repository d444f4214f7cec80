import { createHash } from 'node:crypto';
import type { BusEvent } from '#shared/application/ports.ts';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';
import { alarmFinding, alarmScope } from '#shared/domain/alarms/alarm-finding.ts';
import { type AlarmChoice, concernsUs } from '#shared/domain/alarms/concerns-us.ts';
import { findingIdentity } from '#shared/domain/detection/finding.ts';

/**
 * Turns a change of an alarm of CloudWatch into what dispatch takes.
 *
 * @returns `null` for an alarm that is not ours to tell of, and for a change that neither opens nor ends anything
 */
export function receiveAlarm(change: AlarmChange, choice: AlarmChoice): BusEvent | null {
  if (!concernsUs(change, choice)) return null;
  const finding = alarmFinding(change);
  if (finding === null) return null;
  const identity = findingIdentity(finding.kind, alarmScope(change));
  const id = createHash('sha256').update(identity).digest('hex');
  return { type: 'findings', findings: [{ ...finding, id }] };
}
