import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand as CreateRestStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand as UpdateRestStageCommand,
} from '@aws-sdk/client-api-gateway';
import { type ApiGatewayV2Client, CreateApiCommand, CreateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { type CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Writer } from '#test/e2e/account/traffic.ts';
import { ACCOUNT_ID, REGION } from '#test/e2e/gateway/aws-call.ts';

/** A stage whose access log goes to a group of its own. */
export type LoggedStage = Writer & { readonly apiName: string; readonly logGroup: string };

const FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  apiId: '$context.apiId',
  stage: '$context.stage',
  requestTimeEpoch: '$context.requestTimeEpoch',
  status: '$context.status',
});

function groupArn(name: string): string {
  return `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:${name}`;
}

/** Makes a REST API with one route, a stage `prod`, a stage limit and its access-log group. */
export async function createRestApi(
  client: APIGatewayClient,
  logs: CloudWatchLogsClient,
  apiName: string,
): Promise<LoggedStage> {
  const stage = 'prod';
  const logGroup = `/aws/api-gateway/${apiName}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName: logGroup }));
  const { id: restApiId = '', rootResourceId: resourceId = '' } = await client.send(
    new CreateRestApiCommand({ name: apiName, tags: { team: 'orders' } }),
  );
  const method = { restApiId, resourceId, httpMethod: 'GET' };
  await client.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await client.send(new PutIntegrationCommand({ ...method, type: 'MOCK', timeoutInMillis: 12_000 }));
  const { id: deploymentId = '' } = await client.send(new CreateDeploymentCommand({ restApiId }));
  await client.send(new CreateRestStageCommand({ restApiId, stageName: stage, deploymentId }));
  const changes = {
    '/accessLogSettings/destinationArn': groupArn(logGroup),
    '/accessLogSettings/format': FORMAT,
    '/*/*/logging/loglevel': 'ERROR',
    '/*/*/throttling/rateLimit': '40',
    '/*/*/throttling/burstLimit': '20',
  };
  await client.send(
    new UpdateRestStageCommand({
      restApiId,
      stageName: stage,
      patchOperations: Object.entries(changes).map(([path, value]) => ({ op: 'replace', path, value })),
    }),
  );
  return { apiId: restApiId, apiName, stage, logGroup };
}

/** Switches the logging of headers and bodies of all methods of a REST stage on or off. */
export async function switchDataTrace(
  client: APIGatewayClient,
  { apiId: restApiId, stage: stageName }: Writer,
  isOn: boolean,
): Promise<void> {
  const change = { op: 'replace', path: '/*/*/logging/dataTrace', value: String(isOn) } as const;
  await client.send(new UpdateRestStageCommand({ restApiId, stageName, patchOperations: [change] }));
}

/** Makes an HTTP API without routes, a stage `$default` without limits, and its access-log group. */
export async function createHttpApi(
  client: ApiGatewayV2Client,
  logs: CloudWatchLogsClient,
  apiName: string,
): Promise<LoggedStage> {
  const stage = '$default';
  const logGroup = `/aws/api-gateway/${apiName}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName: logGroup }));
  const { ApiId: apiId = '' } = await client.send(
    new CreateApiCommand({ Name: apiName, ProtocolType: 'HTTP' }),
  );
  await client.send(
    new CreateStageCommand({
      ApiId: apiId,
      StageName: stage,
      AutoDeploy: true,
      AccessLogSettings: { DestinationArn: groupArn(logGroup), Format: FORMAT },
    }),
  );
  return { apiId, apiName, stage, logGroup };
}
