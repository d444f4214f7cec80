import { UsageError } from '#cli/errors.ts';
import { explainStack } from '#cli/setup/stack.ts';
import type { ReadStack } from '#shared/application/ports.ts';

/** The queues of dead letters that can be redriven. */
export const QUEUE_NAMES = ['ingest', 'parked'] as const;

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
  /** ARNs of the ingest functions by their names. */
  readonly functions: ReadonlyMap<string, string>;
};

const FUNCTIONS = ['IngestAccessLogsFunctionArn', 'IngestExecutionLogsFunctionArn'] as const;

const OUTPUTS = [...FUNCTIONS, 'IngestDeadLettersUrl', 'ParkedDeadLettersUrl', 'ParkedMetricsUrl'] as const;

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
  const outputs = await readStack(name);
  if (outputs === null) throw new UsageError(explainStack({ status: 'missing', name }, region));
  const missingOutputs = OUTPUTS.filter((key) => (outputs[key] ?? '') === '');
  if (missingOutputs.length > 0)
    throw new UsageError(explainStack({ status: 'unfit', name, missingOutputs }, region));
  const of = (key: (typeof OUTPUTS)[number]): string => outputs[key] ?? '';
  const arns = FUNCTIONS.map(of);
  return {
    name,
    accountId: arns[0]?.split(':')[4] ?? null,
    queueUrls: { ingest: of('IngestDeadLettersUrl'), parked: of('ParkedDeadLettersUrl') },
    parkedMetricsUrl: of('ParkedMetricsUrl'),
    functions: new Map(arns.map((arn) => [arn.split(':')[6] ?? '', arn])),
  };
}
