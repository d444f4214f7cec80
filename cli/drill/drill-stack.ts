import { UsageError } from '#cli/errors.ts';
import { accountOfArn, readStackOutputs } from '#cli/stack-outputs.ts';
import type { Account, ReadStack } from '#shared/application/ports.ts';
import type { DrillReceiver } from '#shared/application/watch-drill.ts';

/** What a drill has to know of the deployed stack. */
export type DrillStack = {
  readonly name: string;
  readonly account: Account;
  readonly busName: string;
  readonly incidentsTable: string;
  readonly receivers: readonly DrillReceiver[];
};

/** `sns=warning,slack=critical`; `null` for anything else. */
function parseReceivers(text: string): DrillReceiver[] | null {
  const receivers: DrillReceiver[] = [];
  for (const item of text.split(',')) {
    const [, name, severity] = /^([\w-]+)=(warning|critical)$/.exec(item) ?? [];
    if (name === undefined) return null;
    receivers.push({ name, minSeverity: severity as 'warning' | 'critical' });
  }
  return receivers;
}

/**
 * Finds a stack's bus, incidents and receivers.
 *
 * @throws {UsageError} If it is not deployed, or is of another version
 */
export async function readDrillStack(
  readStack: ReadStack,
  name: string,
  region: string,
): Promise<DrillStack> {
  const outputs = await readStackOutputs(readStack, name, region, [
    'AlertBusName',
    'AlertReceivers',
    'IncidentsTableName',
    'IngestAccessLogsFunctionArn',
  ]);
  const accountId = accountOfArn(outputs.IngestAccessLogsFunctionArn);
  const receivers = parseReceivers(outputs.AlertReceivers);
  if (accountId === null || receivers === null)
    throw new UsageError(
      `The outputs of stack ${name} in ${region} are those of another version of Gatewatch`,
    );
  return {
    name,
    account: { accountId, region },
    busName: outputs.AlertBusName,
    incidentsTable: outputs.IncidentsTableName,
    receivers,
  };
}
