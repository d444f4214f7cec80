import { connectAws } from '#cli/aws-clients.ts';
import { explainAwsError } from '#cli/aws-errors.ts';
import { UsageError } from '#cli/errors.ts';
import { readStackOutputs } from '#cli/stack-outputs.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';

const PERMISSIONS = 'gatewatch mute --iam prints the permissions to read incidents';

/** Which incidents of which stack. */
export type StoredRequest = {
  readonly stackName: string;
  /** `undefined` for the one of the profile. */
  readonly region: string | undefined;
  /** `null` for all that are open or still to be told. */
  readonly storyKey: string | null;
};

/**
 * Reads incidents of a deployed stack.
 *
 * @throws {UsageError} If there is no such stack or story, or AWS cannot be asked
 */
export async function readStoredIncidents({
  stackName,
  region,
  storyKey,
}: StoredRequest): Promise<readonly Incident[]> {
  try {
    const aws = await connectAws(region);
    const outputs = await readStackOutputs(aws.readStack, stackName, aws.region, ['IncidentsTableName']);
    const incidents = aws.incidents(outputs.IncidentsTableName);
    if (storyKey === null) return await incidents.listActive();
    const incident = await incidents.read(storyKey);
    if (incident === null)
      throw new UsageError(`Stack ${stackName} has no incident of the story ${storyKey}`);
    return [incident];
  } catch (error) {
    throw explainAwsError(error, PERMISSIONS);
  }
}
