import type { AlertEvent } from '#shared/application/ports.ts';
import { type AlertInput, readAlarmChanges } from '#shared/config/alarm-event.ts';
import { parseAlertEvent } from '#shared/config/alert-event.ts';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';

/**
 * Reads whatever invokes the function that dispatches: its bus, its schedule and its redrive, and alarms.
 *
 * @param receiveAlarm - Makes of a change of an alarm what dispatch takes; `null` for nothing
 * @throws {Error} If the event is not what it says it is; the message names the field
 */
export function parseAlertInput(
  event: AlertInput,
  receiveAlarm: (change: AlarmChange) => AlertEvent | null,
): AlertEvent[] {
  const changes = readAlarmChanges(event);
  if (changes !== null || 'Records' in event) {
    return (changes ?? []).map(receiveAlarm).filter((alertEvent) => alertEvent !== null);
  }
  return [parseAlertEvent(event)];
}
