import type { Receiver } from '#shared/application/receiver-ports.ts';
import { addRunbookLink } from '#shared/domain/messages/runbook-link.ts';

/**
 * Leads whom a receiver tells to the section of the runbook about an incident.
 *
 * @param runbookUrl - Empty for no link
 */
export function withRunbook(receiver: Receiver, runbookUrl: string): Receiver {
  if (runbookUrl === '') return receiver;
  return {
    ...receiver,
    send: (message) => {
      const summary = addRunbookLink(message.summary, message.incident, runbookUrl);
      return receiver.send({ ...message, summary });
    },
  };
}
