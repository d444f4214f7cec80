import { accountOfArn, readStackOutputs } from '#cli/stack-outputs.ts';
import type { ReadStack } from '#shared/application/ports.ts';

/** The queues of dead letters that can be redriven. */
export const QUEUE_NAMES = ['ingest', 'parked', 'alerts'] as const;

export type QueueName = (typeof QUEUE_NAMES)[number];

/** What a redrive has to know of the deployed stack. */
export type LetterStack = {
  readonly name: string;
  /** `null` if the outputs do not tell. */
  readonly accountId: string | null;
  /** URLs of the queues of dead letters. */
  readonly queueUrls: Readonly<Record<QueueName, string>>;
  /** Where parked metric data waits. */
  readonly parkedMetricsUrl: string;
  /** ARNs of the functions that may be invoked again, by their names. */
  readonly functions: ReadonlyMap<string, string>;
  /** The one of them that tells receivers. */
  readonly dispatchArn: string;
};

const FUNCTIONS = [
  'IngestAccessLogsFunctionArn',
  'IngestExecutionLogsFunctionArn',
  'DispatchAlertsFunctionArn',
] as const;

const OUTPUTS = [
  ...FUNCTIONS,
  'IngestDeadLettersUrl',
  'ParkedDeadLettersUrl',
  'AlertDeadLettersUrl',
  'ParkedMetricsUrl',
] as const;

/**
 * Finds a stack's queues and functions.
 *
 * @throws {UsageError} If it is not deployed, or has no such queues
 */
export async function readLetterStack(
  readStack: ReadStack,
  name: string,
  region: string,
): Promise<LetterStack> {
  const outputs = await readStackOutputs(readStack, name, region, OUTPUTS);
  const arns = FUNCTIONS.map((key) => outputs[key]);
  return {
    name,
    accountId: accountOfArn(outputs.IngestAccessLogsFunctionArn),
    queueUrls: {
      ingest: outputs.IngestDeadLettersUrl,
      parked: outputs.ParkedDeadLettersUrl,
      alerts: outputs.AlertDeadLettersUrl,
    },
    parkedMetricsUrl: outputs.ParkedMetricsUrl,
    functions: new Map(arns.map((arn) => [arn.split(':')[6] ?? '', arn])),
    dispatchArn: outputs.DispatchAlertsFunctionArn,
  };
}
