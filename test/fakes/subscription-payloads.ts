import { gzipSync } from 'node:zlib';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';

/** A group of access logs of its own. */
export const ACCESS_LOG_GROUP = '/aws/api-gateway/orders';

/** A subscription payload as CloudWatch Logs makes it, with an event for each text. */
export type Payload = {
  readonly messageType: string;
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly subscriptionFilters: readonly string[];
  readonly logEvents: readonly LogEvent[];
};

/**
 * Makes a payload of one second.
 *
 * @param batch - Told apart in the ids of the events, which are unique in an account
 */
export function payload(
  texts: readonly string[],
  { logGroup = ACCESS_LOG_GROUP, timestamp = Date.parse('2026-03-02T10:00:00Z'), batch = 1 } = {},
): Payload {
  return {
    messageType: 'DATA_MESSAGE',
    owner: '210987654321',
    logGroup,
    logStream: 'f'.repeat(32),
    subscriptionFilters: ['gatewatch-prod-access'],
    logEvents: texts.map((message, index) => ({
      id: String(batch).padStart(28, '3') + String(index).padStart(28, '0'),
      timestamp,
      message,
    })),
  };
}

/** The event that a subscribed Lambda gets. */
export function subscriptionEvent(content: Payload): { awslogs: { data: string } } {
  return { awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } };
}
