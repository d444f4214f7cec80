import type { InventoryItem, StageId } from '#shared/domain/inventory/stage.ts';
import {
  EXECUTION_LOG_GROUP_PREFIX,
  WEBSOCKET_EXECUTION_LOG_GROUP_PREFIX,
} from '#shared/domain/subscriptions/subscription-filter.ts';

/** A canary, which only REST stages have, writes to a group of its own; its requests are the stage's. */
const STAGE_OF_GROUP = /^([A-Za-z0-9]{1,64})\/([A-Za-z0-9_-]{1,128})(?:\/Canary)?$/;

const STAGE_OF_WEBSOCKET_GROUP = /^([A-Za-z0-9]{1,64})\/([A-Za-z0-9_-]{1,128})$/;

const FORMS = [
  [EXECUTION_LOG_GROUP_PREFIX, STAGE_OF_GROUP],
  [WEBSOCKET_EXECUTION_LOG_GROUP_PREFIX, STAGE_OF_WEBSOCKET_GROUP],
] as const;

/**
 * The stage whose execution logs a group holds: API Gateway makes the group and puts both ids into its name. A group of
 * access logs may be called like that of a WebSocket stage, so the name alone does not tell what is in it.
 *
 * @returns `null` for any other group
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 */
export function parseExecutionLogGroup(logGroup: string): StageId | null {
  for (const [prefix, form] of FORMS) {
    if (!logGroup.startsWith(prefix)) continue;
    const match = form.exec(logGroup.slice(prefix.length));
    if (match === null) return null;
    const [, apiId = '', stage = ''] = match;
    return { apiId, stage };
  }
  return null;
}

/**
 * The groups that a stage may write its execution logs to, without those of canaries; none for HTTP APIs. AWS documents
 * the name for REST stages only; that of WebSocket stages is uncertain, so both are named.
 */
export function executionLogGroups({
  apiId,
  apiType,
  stage,
  executionLogGroup = null,
}: Pick<InventoryItem, 'apiId' | 'apiType' | 'stage' | 'executionLogGroup'>): string[] {
  if (executionLogGroup === null) return [];
  if (apiType !== 'WEBSOCKET') return [executionLogGroup];
  return [executionLogGroup, `${WEBSOCKET_EXECUTION_LOG_GROUP_PREFIX}${apiId}/${stage}`];
}
