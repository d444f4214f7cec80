import {
  type APIGatewayClient,
  GetStagesCommand,
  type MethodSetting,
  NotFoundException,
  paginateGetResources,
  paginateGetRestApis,
  type Stage,
} from '@aws-sdk/client-api-gateway';
import {
  accessLogDestination,
  accessLogGroup,
  highestLevel,
  longestTimeoutMs,
  stageLimits,
} from '#shared/adapters/apigateway-stage.ts';
import type { Api, ApiGateway, DescribedStage } from '#shared/application/inventory-ports.ts';
import { DEFAULT_INTEGRATION_TIMEOUT_MS } from '#shared/domain/inventory/stage.ts';
import { EXECUTION_LOG_GROUP_PREFIX } from '#shared/domain/subscriptions/subscription-filter.ts';

/** The most that API Gateway gives. */
const PAGE_SIZE = 500;

/** The settings of all methods: a limit of the stage, not of one of its methods. */
const ALL_METHODS = '*/*';

function describeStage(api: Api, stage: Stage): DescribedStage {
  const { stageName = '', deploymentId = null, tracingEnabled = false, tags = {} } = stage;
  const settings: MethodSetting[] = Object.values(stage.methodSettings ?? {});
  const ofAll = stage.methodSettings?.[ALL_METHODS];
  return {
    ...api,
    stage: stageName,
    logGroup: accessLogGroup(stage.accessLogSettings?.destinationArn),
    accessLogDestination: accessLogDestination(stage.accessLogSettings?.destinationArn),
    format: stage.accessLogSettings?.format ?? null,
    executionLogGroup: `${EXECUTION_LOG_GROUP_PREFIX}${api.apiId}/${stageName}`,
    executionLogLevel: highestLevel(settings.map(({ loggingLevel }) => loggingLevel)),
    logsBodies: settings.some(({ dataTraceEnabled }) => dataTraceEnabled === true),
    limits: stageLimits(ofAll?.throttlingRateLimit, ofAll?.throttlingBurstLimit),
    deploymentId,
    tracing: tracingEnabled,
    tags,
    apiGatewayManaged: false,
    schemaVersion: 1,
  };
}

async function listApis(client: APIGatewayClient): Promise<Api[]> {
  const apis: Api[] = [];
  for await (const { items = [] } of paginateGetRestApis({ client, pageSize: PAGE_SIZE }, {})) {
    for (const { id, name } of items) {
      if (id !== undefined) apis.push({ apiId: id, apiName: name || id, apiType: 'REST' });
    }
  }
  return apis;
}

async function readStages(client: APIGatewayClient, api: Api): Promise<DescribedStage[]> {
  try {
    const { item: stages = [] } = await client.send(new GetStagesCommand({ restApiId: api.apiId }));
    return stages.map((stage) => describeStage(api, stage));
  } catch (error) {
    if (error instanceof NotFoundException) return [];
    throw error;
  }
}

async function readIntegrationTimeoutMs(client: APIGatewayClient, { apiId }: Api): Promise<number> {
  const timeoutsMs: (number | undefined)[] = [];
  const pages = paginateGetResources(
    { client, pageSize: PAGE_SIZE },
    { restApiId: apiId, embed: ['methods'] },
  );
  try {
    for await (const { items = [] } of pages) {
      const methods = items.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods));
      for (const { methodIntegration } of methods) {
        if (methodIntegration !== undefined) timeoutsMs.push(methodIntegration.timeoutInMillis);
      }
    }
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
  }
  return longestTimeoutMs(timeoutsMs, DEFAULT_INTEGRATION_TIMEOUT_MS);
}

/**
 * REST APIs.
 *
 * @param client - Kept at a pace: the control plane takes ten calls a second of a whole account
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html}
 */
export function createRestApis(client: APIGatewayClient): ApiGateway {
  return {
    listApis: () => listApis(client),
    readStages: (api) => readStages(client, api),
    readIntegrationTimeoutMs: (api) => readIntegrationTimeoutMs(client, api),
  };
}
