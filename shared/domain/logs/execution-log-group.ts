import type { StageId } from '#shared/domain/inventory/stage.ts';
import { EXECUTION_LOG_GROUP_PREFIX } from '#shared/domain/subscriptions/subscription-filter.ts';

/** A canary writes to a group of its own; its requests are the stage's. */
const STAGE_OF_GROUP = /^([A-Za-z0-9]{1,64})\/([A-Za-z0-9_-]{1,128})(?:\/Canary)?$/;

/**
 * The stage whose execution logs a group holds: API Gateway makes the group and puts both ids into its name.
 *
 * @returns `null` for any other group
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 */
export function parseExecutionLogGroup(logGroup: string): StageId | null {
  if (!logGroup.startsWith(EXECUTION_LOG_GROUP_PREFIX)) return null;
  const match = STAGE_OF_GROUP.exec(logGroup.slice(EXECUTION_LOG_GROUP_PREFIX.length));
  if (match === null) return null;
  const [, apiId = '', stage = ''] = match;
  return { apiId, stage };
}
