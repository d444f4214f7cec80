import {
  type AccessLogDestination,
  EXECUTION_LOG_LEVELS,
  type ExecutionLogLevel,
  type InventoryItem,
} from '#shared/domain/inventory/stage.ts';

/** Access logs of REST stages may go to Firehose as well, which is no log group. */
const LOG_GROUP_ARN = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/;

/**
 * The name of the log group that an access log goes to; `null` for none, and for Firehose.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 */
export function accessLogGroup(destinationArn: string | undefined): string | null {
  return LOG_GROUP_ARN.exec(destinationArn ?? '')?.[1] ?? null;
}

/**
 * What an access log goes to: a log group, or a Firehose stream.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-logging-to-kinesis.html}
 */
export function accessLogDestination(destinationArn: string | undefined): AccessLogDestination {
  if (destinationArn === undefined || destinationArn === '') return 'none';
  return accessLogGroup(destinationArn) === null ? 'firehose' : 'cloudwatch';
}

/** A stage's own throttle. The service says -1, or nothing, for none. */
export function stageLimits(
  rateRps: number | undefined,
  burst: number | undefined,
): Required<InventoryItem>['limits'] {
  if (rateRps === undefined || burst === undefined || rateRps < 0 || burst < 0) return null;
  return { rateRps, burst };
}

/** The highest of some levels; a level that is absent is off. */
export function highestLevel(levels: readonly (string | undefined)[]): ExecutionLogLevel {
  return EXECUTION_LOG_LEVELS.findLast((level) => levels.includes(level)) ?? 'OFF';
}

/** The longest timeout in milliseconds of some integrations, of which those that set none have the default. */
export function longestTimeoutMs(timeoutsMs: readonly (number | undefined)[], defaultMs: number): number {
  const setMs = timeoutsMs.map((timeoutMs) => timeoutMs ?? defaultMs);
  return setMs.length === 0 ? defaultMs : Math.max(...setMs);
}
