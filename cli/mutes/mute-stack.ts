import { type AwsPorts, connectAws } from '#cli/aws-clients.ts';
import { accountOfArn, readStackOutputs } from '#cli/stack-outputs.ts';
import type { MuteStore } from '#shared/application/mute-ports.ts';
import type { IncidentStore, Now } from '#shared/application/ports.ts';

/** Where the words of `--iam` are, for an error that says that something is denied. */
export const MUTE_PERMISSIONS = 'gatewatch mute --iam prints the permissions that are needed';

/** Which stack, as the command line was asked. */
export type StackRequest = {
  readonly stackName: string;
  /** `undefined` for the one of the profile. */
  readonly region: string | undefined;
  /** The options that named the stack, as they were given. */
  readonly given: readonly string[];
  readonly isJson: boolean;
};

/** The mutes and incidents of a deployed stack. */
export type MuteStack = {
  readonly name: string;
  readonly region: string;
  /** `null` if the outputs do not tell. */
  readonly accountId: string | null;
  readonly mutes: MuteStore;
  readonly incidents: Pick<IncidentStore, 'listActive'>;
  readonly now: Now;
};

/**
 * Connects to a stack's mutes.
 *
 * @throws {UsageError} If it is not deployed, or is of a version without them
 */
export async function openMuteStack({ stackName, region }: StackRequest): Promise<MuteStack> {
  const aws: AwsPorts = await connectAws(region);
  const outputs = await readStackOutputs(aws.readStack, stackName, aws.region, [
    'IncidentsTableName',
    'IngestAccessLogsFunctionArn',
  ]);
  return {
    name: stackName,
    region: aws.region,
    accountId: accountOfArn(outputs.IngestAccessLogsFunctionArn),
    mutes: aws.mutes(outputs.IncidentsTableName),
    incidents: aws.incidents(outputs.IncidentsTableName),
    now: aws.now,
  };
}

/** The first line of what is printed: `stack gatewatch-prod, account 123456789012, eu-west-1`. */
export function placeOf({ name, accountId, region }: MuteStack): string {
  return `stack ${name}, account ${accountId ?? 'unknown'}, ${region}`;
}
