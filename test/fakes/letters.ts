import type { PointerMessage } from '#shared/domain/dead-letters/pointer.ts';
import type { UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';

const FUNCTIONS = 'arn:aws:lambda:us-east-1:123456789012:function';

/** What Lambda keeps of an asynchronous invocation that failed for good. */
export function batchLetter(
  functionName = 'gatewatch-prod-ingest-access-logs',
  errorType = 'MetricDataNotTakenError',
  data = 'c2VjcmV0LWxpbmU=',
): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: '2026-03-02T14:05:00.000Z',
    requestContext: {
      requestId: '00000000-0000-4000-8000-000000000001',
      functionArn: `${FUNCTIONS}:${functionName}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { awslogs: { data } },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType, errorMessage: 'secret-message', trace: [] },
  });
}

/** A pointer to an envelope that was given up, with the given differences. */
export function pointerLetter(differences: Partial<PointerMessage> = {}): string {
  return JSON.stringify({
    schemaVersion: 1,
    type: 'pointer',
    function: 'ingest-access-logs',
    reason: 'poison-plan-changed',
    requestId: 'request-1',
    ledgerKey: 'ab'.repeat(32),
    owner: '123456789012',
    logGroup: '/aws/api-gateway/orders-api',
    logStream: 'stream-1',
    firstEventId: '1',
    lastEventId: '9',
    events: 9,
    receivedAt: '2026-03-02T14:00:00.000Z',
    chunksSent: 1,
    chunks: 3,
    sizeBytes: null,
    ...differences,
  });
}

/** A message that Slack refused, with the given differences. */
export function undeliverableLetter(differences: Partial<UndeliverableLetter> = {}): string {
  return JSON.stringify({
    schemaVersion: 1,
    type: 'undeliverable',
    receiver: 'slack',
    storyKey: 'account|123456789012|us-east-1',
    incidentId: 'account|123456789012|us-east-1|2026-03-02T14:00:00.000Z',
    version: 3,
    reason: 'channel_not_found',
    refusedAt: '2026-03-02T14:05:00.000Z',
    ...differences,
  });
}

/** A call that CloudWatch did not take for a day. */
export function parkedLetter(): string {
  const key = 'ab'.repeat(32);
  return JSON.stringify({
    schemaVersion: 1,
    key,
    chunkIndex: 1,
    planHash: 'p',
    receivedAtMs: 1,
    data: 'c2VjcmV0',
  });
}
