import type { ApiType } from '#shared/domain/logs/access/request.ts';

/** The identity of a stage, and the two dimensions of its metrics. */
export type StageId = { readonly apiId: string; readonly stage: string };

/** One known stage: an item of the inventory. */
export type InventoryItem = StageId & {
  readonly apiName: string;
  readonly apiType: ApiType;
  /** Name of the access-log group; `null` when the stage has no access log. */
  readonly logGroup: string | null;
  /**
   * The stage's own throttle; `null` where it has none and so may take the whole account quota, absent where
   * nobody has looked.
   */
  readonly limits?: { readonly rateRps: number; readonly burst: number } | null;
  /** The longest integration timeout of the API in milliseconds. */
  readonly integrationTimeoutMs: number;
  readonly schemaVersion: 1;
} & Partial<StageSettings>;

/** What API Gateway says about a stage; each is absent where nobody has looked. */
export type StageSettings = {
  /** What the access log goes to; only a log group can be read. */
  readonly accessLogDestination: AccessLogDestination;
  /** Template of the access log; `null` for no access log. */
  readonly format: string | null;
  /**
   * Where the service writes execution logs once there are any, by the name that AWS documents for REST stages; `null`
   * for HTTP APIs, which have none. Of WebSocket stages it is uncertain: `executionLogGroups` names all that may be.
   */
  readonly executionLogGroup: string | null;
  /** The highest level of any method. */
  readonly executionLogLevel: ExecutionLogLevel;
  /** Data trace: execution logs hold headers and bodies. */
  readonly logsBodies: boolean;
  /** Changes with every deploy; `null` before the first one. */
  readonly deploymentId: string | null;
  /** X-Ray; only REST stages have it. */
  readonly tracing: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The `$default` stage of an HTTP API that was made by quick create: AWS's own, which is not changed like others. */
  readonly apiGatewayManaged: boolean;
};

/** Kinds of destinations of access logs, and `none` without an access log. */
export const ACCESS_LOG_DESTINATIONS = ['cloudwatch', 'firehose', 'none'] as const;

export type AccessLogDestination = (typeof ACCESS_LOG_DESTINATIONS)[number];

/** Levels of execution logs, which are the service's own words. */
export const EXECUTION_LOG_LEVELS = ['OFF', 'ERROR', 'INFO'] as const;

export type ExecutionLogLevel = (typeof EXECUTION_LOG_LEVELS)[number];

/** The stage of requests that nothing identifies. */
export const UNKNOWN_STAGE: StageId = { apiId: 'unknown', stage: 'unknown' };

/** REST integrations time out after 29 s unless that was raised or lowered. */
export const DEFAULT_INTEGRATION_TIMEOUT_MS = 29_000;

/** @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html} */
const DEFAULT_HTTP_TIMEOUT_MS = 30_000;

/** The timeout in milliseconds of integrations that set none. */
export function defaultIntegrationTimeoutMs(apiType: ApiType): number {
  return apiType === 'HTTP' ? DEFAULT_HTTP_TIMEOUT_MS : DEFAULT_INTEGRATION_TIMEOUT_MS;
}

/**
 * The inventory item of a stage of which only its log lines are known.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html}
 */
export function unlistedStage({ apiId, stage }: StageId): InventoryItem {
  return {
    apiId,
    apiName: apiId,
    apiType: 'REST',
    stage,
    logGroup: null,
    integrationTimeoutMs: DEFAULT_INTEGRATION_TIMEOUT_MS,
    schemaVersion: 1,
  };
}

/** `{apiId}/{stage}`, which is unique in an account and Region. */
export function stageKey({ apiId, stage }: StageId): string {
  return `${apiId}/${stage}`;
}

/** False for {@link UNKNOWN_STAGE}, which stands for requests of any stage. */
export function isKnownStage(stage: StageId): boolean {
  return stageKey(stage) !== stageKey(UNKNOWN_STAGE);
}

/** The stage of a key; `null` for one that {@link stageKey} does not make. */
export function parseStageKey(key: string): StageId | null {
  const [, apiId, stage] = /^([A-Za-z0-9]+)\/(.+)$/.exec(key) ?? [];
  return apiId === undefined || stage === undefined ? null : { apiId, stage };
}

/** The name people know: `{apiName}/{stage}`, or the ids where the inventory does not know the stage. */
export function stageName(id: StageId, inventory: readonly InventoryItem[]): string {
  const item = inventory.find((known) => known.apiId === id.apiId && known.stage === id.stage);
  return item === undefined ? stageKey(id) : `${item.apiName}/${item.stage}`;
}

/**
 * Canary requests of a REST stage are logged to groups of their own, whose names end so.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html}
 */
export const CANARY_SUFFIX = '/Canary';
