import * as v from 'valibot';
import {
  ACCESS_LOG_DESTINATIONS,
  DEFAULT_INTEGRATION_TIMEOUT_MS,
  EXECUTION_LOG_LEVELS,
  type InventoryItem,
} from '#shared/domain/inventory/stage.ts';

const ItemSchema = v.object({
  apiId: v.pipe(v.string(), v.nonEmpty()),
  apiName: v.pipe(v.string(), v.nonEmpty()),
  apiType: v.picklist(['REST', 'HTTP', 'WEBSOCKET']),
  stage: v.pipe(v.string(), v.nonEmpty()),
  logGroup: v.optional(v.nullable(v.string()), null),
  limits: v.exactOptional(
    v.nullable(
      v.object({ rateRps: v.pipe(v.number(), v.minValue(0)), burst: v.pipe(v.number(), v.minValue(0)) }),
    ),
  ),
  integrationTimeoutMs: v.optional(v.pipe(v.number(), v.gtValue(0)), DEFAULT_INTEGRATION_TIMEOUT_MS),
  accessLogDestination: v.exactOptional(v.picklist(ACCESS_LOG_DESTINATIONS)),
  format: v.exactOptional(v.nullable(v.string())),
  executionLogGroup: v.exactOptional(v.nullable(v.string())),
  executionLogLevel: v.exactOptional(v.picklist(EXECUTION_LOG_LEVELS)),
  logsBodies: v.exactOptional(v.boolean()),
  deploymentId: v.exactOptional(v.nullable(v.string())),
  tracing: v.exactOptional(v.boolean()),
  tags: v.exactOptional(v.record(v.string(), v.string())),
  apiGatewayManaged: v.exactOptional(v.boolean()),
  schemaVersion: v.optional(v.literal(1), 1),
});

/** An inventory that does not have the form of one. */
export class InventoryError extends Error {
  override readonly name = 'InventoryError';
}

/**
 * Checks one item of an inventory.
 *
 * @param where - What to call the item in an error, such as `item 3`
 * @throws {InventoryError} Naming the field that is wrong
 */
export function parseInventoryItem(value: unknown, where: string): InventoryItem {
  const result = v.safeParse(ItemSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InventoryError(`${where}: ${v.getDotPath(issue) ?? 'value'}: ${issue.message}`);
}

/**
 * Checks a list of inventory items.
 *
 * @throws {InventoryError} Naming item and field that are wrong
 */
export function parseInventory(value: unknown): InventoryItem[] {
  if (!Array.isArray(value)) throw new InventoryError('an inventory is a JSON array of stages');
  return value.map((item, index) => parseInventoryItem(item, `item ${index + 1}`));
}
