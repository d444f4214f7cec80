import type { LogClock } from '#cli/replay/log-clock.ts';
import type { ReplayedMessage } from '#cli/replay/report.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { renderText } from '#shared/domain/messages/render-text.ts';

/** Longer addresses fill a terminal; whoever wants them asks for JSON. */
const MAX_SHOWN_URL = 200;

/** A replay publishes no metrics, so that there is no graph of them. */
function withoutGraphs(summary: IncidentSummary): IncidentSummary {
  return { ...summary, links: summary.links.filter(({ label }) => label !== 'Dashboard') };
}

function withShortLinks(summary: IncidentSummary): IncidentSummary {
  return { ...summary, links: summary.links.filter(({ url }) => url.length <= MAX_SHOWN_URL) };
}

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
        const { text, blocks } = renderSlackMessage(withoutGraphs(summary));
        messages.push({
          at: new Date(clock.nowMs).toISOString(),
          announcement: summary.announcement,
          incidentId: incident.id,
          text,
          blocks,
          plainText: renderText(withShortLinks(summary)),
        });
        return { type: 'sent', place: null };
      },
    },
  };
}
