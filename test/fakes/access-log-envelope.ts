import { gzipSync } from 'node:zlib';

/** A line of the recommended format; only what differs from a successful request needs to be said. */
export function accessLogLine(timeMs: number, differences: Record<string, string> = {}): string {
  return JSON.stringify({
    requestId: '00000000-0000-4000-8000-000000000001',
    apiId: 'a1b2c3',
    stage: 'prod',
    resourcePath: '/orders',
    httpMethod: 'GET',
    requestTimeEpoch: String(timeMs),
    status: '200',
    responseLatency: '20',
    integrationLatency: '15',
    integrationStatus: '200',
    errorType: '-',
    errorMessage: '-',
    ...differences,
  });
}

/** What CloudWatch Logs delivers for some lines: base64 of gzip of the envelope. */
export function packLines(lines: readonly string[], differences: Record<string, unknown> = {}): string {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: '/aws/api-gateway/orders-api',
    logStream: '0123456789abcdef0123456789abcdef',
    subscriptionFilters: ['gatewatch'],
    logEvents: lines.map((message, index) => ({
      id: String(index).padStart(56, '0'),
      timestamp: 1_780_000_000_000,
      message,
    })),
    ...differences,
  };
  return gzipSync(JSON.stringify(envelope)).toString('base64');
}
