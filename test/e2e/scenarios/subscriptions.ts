import { CreateLogGroupCommand, PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createHttpApi, createRestApi } from '#test/e2e/account/apis.ts';
import { e2e, executionLogGroup, table } from '#test/e2e/e2e.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { sumOfEmbedded } from '#test/e2e/stack/pipeline-metrics.ts';

/** Stages and log groups are found. */
export function describeSubscriptions(): void {
  describe('subscribe-log-groups', () => {
    it('finds the stages and subscribes their log groups; a full group is left alone', async () => {
      const { apiGateway, apiGatewayV2, logs } = e2e.aws.clients;
      e2e.orders = await createRestApi(apiGateway, logs, 'orders-api');
      e2e.partner = await createHttpApi(apiGatewayV2, logs, 'partner-api');
      e2e.silent = await createHttpApi(apiGatewayV2, logs, 'silent-api');
      const full = await createHttpApi(apiGatewayV2, logs, 'full-api');
      for (const filterName of ['theirs', 'others']) {
        const destinationArn = e2e.stack.outputs['IngestAccessLogsFunctionArn'];
        await logs.send(
          new PutSubscriptionFilterCommand({
            logGroupName: full.logGroup,
            filterName,
            filterPattern: '',
            destinationArn,
          }),
        );
      }

      await e2e.stack.invoke('subscribe-log-groups');

      const { Items = [] } = await e2e.aws.clients.dynamoDb.send(
        new ScanCommand({ TableName: table('Inventory') }),
      );
      const stages = Items.filter(({ document }) => document !== undefined).map(({ document }) =>
        JSON.parse(document?.S ?? ''),
      );
      expect(stages).toHaveLength(4);
      expect(stages.find(({ apiId }) => apiId === e2e.orders.apiId)).toMatchObject({
        apiName: 'orders-api',
        apiType: 'REST',
        stage: 'prod',
        logGroup: '/aws/api-gateway/orders-api',
        executionLogGroup: `API-Gateway-Execution-Logs_${e2e.orders.apiId}/prod`,
        executionLogLevel: 'ERROR',
        limits: { rateRps: 40, burst: 20 },
        integrationTimeoutMs: 12_000,
        tracing: false,
      });
      for (const { logGroup } of [e2e.orders, e2e.partner, e2e.silent]) {
        expect(e2e.aws.gateway.logs.filtersOf(logGroup)).toMatchObject([
          {
            filterName: `${STACK_NAME}-access`,
            destinationArn: e2e.stack.outputs['IngestAccessLogsFunctionArn'],
          },
        ]);
      }
      expect(e2e.aws.gateway.logs.filtersOf(full.logGroup).map(({ filterName }) => filterName)).toEqual([
        'theirs',
        'others',
      ]);
      expect(await sumOfEmbedded(e2e.aws.clients.logs, 'subscribe-log-groups', 'UnsubscribedLogGroups')).toBe(
        1,
      );
    });

    it('subscribes an execution-log group once the service has made it', async () => {
      const logGroupName = executionLogGroup();
      await e2e.aws.clients.logs.send(new CreateLogGroupCommand({ logGroupName }));

      await e2e.stack.invoke('subscribe-log-groups');

      expect(e2e.aws.gateway.logs.filtersOf(logGroupName)).toMatchObject([
        {
          filterName: `${STACK_NAME}-execution`,
          destinationArn: e2e.stack.outputs['IngestExecutionLogsFunctionArn'],
        },
      ]);
    });
  });
}
