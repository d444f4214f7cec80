import {
  type ApiGatewayV2Client,
  GetApisCommand,
  GetIntegrationsCommand,
  GetStagesCommand,
  NotFoundException,
  type RouteSettings,
  type Stage,
} from '@aws-sdk/client-apigatewayv2';
import {
  accessLogDestination,
  accessLogGroup,
  highestLevel,
  longestTimeoutMs,
  stageLimits,
} from '#shared/adapters/apigateway-stage.ts';
import type { Api, ApiGateway, DescribedStage } from '#shared/application/inventory-ports.ts';
import { defaultIntegrationTimeoutMs } from '#shared/domain/inventory/stage.ts';
import { EXECUTION_LOG_GROUP_PREFIX } from '#shared/domain/subscriptions/subscription-filter.ts';

type Page<T> = { readonly Items?: readonly T[] | undefined; readonly NextToken?: string | undefined };

/** All items of all pages: this client has no paginators. The size of a page is the service's choice. */
async function readAll<T>(readPage: (token: { NextToken?: string }) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let page: Page<T> = {};
  do {
    page = await readPage(page.NextToken === undefined ? {} : { NextToken: page.NextToken });
    all.push(...(page.Items ?? []));
  } while (page.NextToken !== undefined && page.NextToken !== '');
  return all;
}

function describeStage(api: Api, stage: Stage): DescribedStage {
  const { StageName: stageName = '', DeploymentId: deploymentId = null, Tags: tags = {} } = stage;
  const { DefaultRouteSettings: ofAll = {}, RouteSettings: ofRoutes = {} } = stage;
  const settings: RouteSettings[] = [ofAll, ...Object.values(ofRoutes)];
  const isHttp = api.apiType === 'HTTP';
  return {
    ...api,
    stage: stageName,
    logGroup: accessLogGroup(stage.AccessLogSettings?.DestinationArn),
    accessLogDestination: accessLogDestination(stage.AccessLogSettings?.DestinationArn),
    format: stage.AccessLogSettings?.Format ?? null,
    executionLogGroup: isHttp ? null : `${EXECUTION_LOG_GROUP_PREFIX}${api.apiId}/${stageName}`,
    executionLogLevel: isHttp ? 'OFF' : highestLevel(settings.map(({ LoggingLevel }) => LoggingLevel)),
    logsBodies: !isHttp && settings.some(({ DataTraceEnabled }) => DataTraceEnabled === true),
    limits: stageLimits(ofAll.ThrottlingRateLimit, ofAll.ThrottlingBurstLimit),
    deploymentId,
    tracing: false,
    tags,
    apiGatewayManaged: stage.ApiGatewayManaged === true,
    schemaVersion: 1,
  };
}

async function listApis(client: ApiGatewayV2Client): Promise<Api[]> {
  const apis = await readAll((token) => client.send(new GetApisCommand(token)));
  return apis.flatMap(({ ApiId: apiId, Name, ProtocolType }) =>
    apiId === undefined || ProtocolType === undefined
      ? []
      : [{ apiId, apiName: Name || apiId, apiType: ProtocolType }],
  );
}

/** What was read, or `[]` if the API was deleted meanwhile. */
async function unlessGone<T>(read: Promise<T[]>): Promise<T[]> {
  return read.catch((error: unknown) => {
    if (error instanceof NotFoundException) return [];
    throw error;
  });
}

async function readStages(client: ApiGatewayV2Client, api: Api): Promise<DescribedStage[]> {
  const ApiId = api.apiId;
  const stages = readAll((token) => client.send(new GetStagesCommand({ ApiId, ...token })));
  return (await unlessGone(stages)).map((stage) => describeStage(api, stage));
}

async function readIntegrationTimeoutMs(client: ApiGatewayV2Client, api: Api): Promise<number> {
  const ApiId = api.apiId;
  const integrations = readAll((token) => client.send(new GetIntegrationsCommand({ ApiId, ...token })));
  return longestTimeoutMs(
    (await unlessGone(integrations)).map(({ TimeoutInMillis }) => TimeoutInMillis),
    defaultIntegrationTimeoutMs(api.apiType),
  );
}

/**
 * HTTP and WebSocket APIs.
 *
 * @param client - Kept at a pace: the control plane takes ten calls a second of a whole account
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html}
 */
export function createHttpAndWebSocketApis(client: ApiGatewayV2Client): ApiGateway {
  return {
    listApis: () => listApis(client),
    readStages: (api) => readStages(client, api),
    readIntegrationTimeoutMs: (api) => readIntegrationTimeoutMs(client, api),
  };
}
