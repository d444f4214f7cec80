import { UsageError } from '#cli/errors.ts';
import { explainStack } from '#cli/setup/stack.ts';
import type { ReadStack } from '#shared/application/ports.ts';

/**
 * Reads outputs that a command cannot do without.
 *
 * @throws {UsageError} If the stack is not deployed, or lacks one of them
 */
export async function readStackOutputs<Name extends string>(
  readStack: ReadStack,
  stackName: string,
  region: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const outputs = await readStack(stackName);
  if (outputs === null) throw new UsageError(explainStack({ status: 'missing', name: stackName }, region));
  const missingOutputs = names.filter((name) => (outputs[name] ?? '') === '');
  if (missingOutputs.length > 0)
    throw new UsageError(explainStack({ status: 'unfit', name: stackName, missingOutputs }, region));
  return Object.fromEntries(names.map((name) => [name, outputs[name] ?? ''])) as Record<Name, string>;
}

/** The account in an ARN; `null` if there is none in it. */
export function accountOfArn(arn: string): string | null {
  return /^\d{12}$/.exec(arn.split(':')[4] ?? '')?.[0] ?? null;
}
