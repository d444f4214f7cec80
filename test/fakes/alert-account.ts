import { answerCloudFormation } from '#test/fakes/cloudformation-server.ts';
import type { DynamoDb } from '#test/fakes/dynamodb.ts';
import {
  type HttpServer,
  type ReceivedRequest,
  type Reply,
  startHttpServer,
} from '#test/fakes/http-server.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function';

/** An account with a deployed stack that sends alerts: its outputs and its table of incidents. */
export type AlertAccount = {
  readonly server: HttpServer;
  readonly incidentsTable: string;
  /** What a process needs to call this account. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: () => Promise<void>;
};

/**
 * Starts the account.
 *
 * @param answer - Answers what is neither CloudFormation nor DynamoDB; `null` for what it does not know either
 */
export async function startAlertAccount(
  dynamoDb: DynamoDb,
  answer: (request: ReceivedRequest) => Reply | null = () => null,
): Promise<AlertAccount> {
  const { incidents: incidentsTable } = await dynamoDb.createTables();
  const stacks = new Map<string, Record<string, string>>([
    [
      'gatewatch-prod',
      {
        IngestAccessLogsFunctionArn: `${LAMBDA}:gatewatch-prod-ingest-access-logs`,
        IncidentsTableName: incidentsTable,
        AlertBusName: 'gatewatch-prod',
        AlertReceivers: 'sns=warning,slack=critical',
      },
    ],
    ['older', { IngestAccessLogsFunctionArn: `${LAMBDA}:older-ingest-access-logs` }],
  ]);
  const server = await startHttpServer((request) => answer(request) ?? answerCloudFormation(stacks, request));
  return {
    server,
    incidentsTable,
    env: {
      AWS_ENDPOINT_URL: server.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_PROFILE: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    stop: server.stop,
  };
}
