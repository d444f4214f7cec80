/** A subscription filter of a log group: which lines go where. */
export type SubscriptionFilter = {
  /** Unique within its group. */
  readonly name: string;
  /** Empty for every line. */
  readonly pattern: string;
  /** The function that takes the lines. */
  readonly destinationArn: string;
};

/** Gatewatch's own filters, named after the stack, so that two stacks can watch one account. */
export const accessFilterName = (stackName: string): string => `${stackName}-access`;
export const executionFilterName = (stackName: string): string => `${stackName}-execution`;

/** The service makes one of these per REST and WebSocket stage when it first has something to write. */
export const EXECUTION_LOG_GROUP_PREFIX = 'API-Gateway-Execution-Logs_';
