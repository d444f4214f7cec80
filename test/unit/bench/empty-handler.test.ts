import { describe, expect, it } from 'vitest';
import { writeEmptyHandler } from '#bench/cold/empty-handler.ts';

const HANDLER = `import { Logger } from '@aws-lambda-powertools/logger';
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
} from '@aws-sdk/client-cloudwatch';
import type { SNSClient } from '@aws-sdk/client-sns';
import { createDecide } from '#shared/application/decide.ts';

const logger = new Logger({ serviceName: 'a' });
const read = new CloudWatchClient({ maxAttempts: 3 });
const write = new CloudWatchClient({ maxAttempts: 1 });
`;

describe('writeEmptyHandler()', () => {
  it('constructs each client as often as the handler, and no types', () => {
    expect(writeEmptyHandler(HANDLER, ['@aws-sdk/'])).toBe(
      `import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
const clients = [new CloudWatchClient(), new CloudWatchClient()];
export const handler = async () => clients.length;
`,
    );
  });

  it('constructs what it is told to', () => {
    expect(writeEmptyHandler(HANDLER, ['@aws-sdk/', '@aws-lambda-powertools/'])).toContain(
      'const clients = [new Logger(), new CloudWatchClient(), new CloudWatchClient()];',
    );
  });

  it('throws if there is nothing to compare with', () => {
    expect(() => writeEmptyHandler(HANDLER, ['@slack/'])).toThrow(
      'The handler constructs nothing of @slack/',
    );
  });
});
