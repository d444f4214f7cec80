import type { LogClock } from '#cli/replay/log-clock.ts';
import type { ReplayedMessage } from '#cli/replay/report.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { renderText } from '#shared/domain/messages/render-text.ts';

/** A receiver that keeps what Slack would have got, with the time on the log's clock. */
export function createMessageLog(clock: LogClock): {
  receiver: Receiver;
  list: () => ReplayedMessage[];
} {
  const messages: ReplayedMessage[] = [];
  return {
    list: () => messages,
    receiver: {
      canEdit: false,
      minSeverity: 'warning',
      intervalMs: 0,
      find: null,
      send: async ({ summary, incident }) => {
        const { text, blocks } = renderSlackMessage(summary);
        messages.push({
          at: new Date(clock.nowMs).toISOString(),
          announcement: summary.announcement,
          incidentId: incident.id,
          text,
          blocks,
          plainText: renderText(summary),
        });
        return { type: 'sent', place: null };
      },
    },
  };
}
