import type { FirstReject } from '#cli/replay/report.ts';

/** Where a line is, so that it can be found: `access.log:3`, and the event's id where it has one. */
export function renderPosition({
  file,
  line,
  eventId,
}: Pick<FirstReject, 'file' | 'line' | 'eventId'>): string {
  return `${file}${line === null ? '' : `:${line}`}${eventId === null ? '' : ` event ${eventId}`}`;
}
