/** A subscription filter of a log group: which lines go where. */
export type SubscriptionFilter = {
  /** Unique within its group. */
  readonly name: string;
  /** Empty for every line. */
  readonly pattern: string;
  /** The function that takes the lines. */
  readonly destinationArn: string;
};

/** Gatewatch's own filters, named after the stack: by its names a stack knows its own filters, and touches no others. */
export const accessFilterName = (stackName: string): string => `${stackName}-access`;
export const executionFilterName = (stackName: string): string => `${stackName}-execution`;

/**
 * The service makes one of these, `…{apiId}/{stage}`, per stage when it first has something to write. AWS documents it
 * for REST APIs.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 */
export const EXECUTION_LOG_GROUP_PREFIX = 'API-Gateway-Execution-Logs_';

/**
 * Where WebSocket stages write their execution logs, `…{apiId}/{stage}`, by what others tell; AWS does not say.
 * Uncertain, so both are watched. Groups of access logs may be called so too.
 */
export const WEBSOCKET_EXECUTION_LOG_GROUP_PREFIX = '/aws/apigateway/';

/** How the names of groups begin that may hold execution logs. */
export const EXECUTION_LOG_GROUP_PREFIXES = [
  EXECUTION_LOG_GROUP_PREFIX,
  WEBSOCKET_EXECUTION_LOG_GROUP_PREFIX,
] as const;
