import {
  CANARY_SUFFIX,
  type InventoryItem,
  type StageId,
  UNKNOWN_STAGE,
} from '#shared/domain/inventory/stage.ts';

type Identity = { readonly apiId: string | null; readonly stage: string | null };

/** Tells the stage of a request of one log group. */
export type IdentifyStage = (identity: Identity) => StageId;

/**
 * Prepares the identification of the lines of one log group: a line's own fields, else the stage that writes to
 * the group when it is exactly one, else {@link UNKNOWN_STAGE}. AWS's four template formats carry no identity.
 *
 * @param logGroup - The group that the lines come from
 * @param inventory - The known stages
 */
export function createIdentifyStage(logGroup: string, inventory: readonly InventoryItem[]): IdentifyStage {
  // What a stage's canary answers is logged apart, and is the stage's.
  const group = logGroup.endsWith(CANARY_SUFFIX) ? logGroup.slice(0, -CANARY_SUFFIX.length) : logGroup;
  const writers = inventory.filter((item) => item.logGroup === group || item.logGroup === logGroup);
  return ({ apiId, stage }) => {
    if (apiId !== null && stage !== null) return { apiId, stage };
    const candidates = writers.filter(
      (item) => (apiId === null || item.apiId === apiId) && (stage === null || item.stage === stage),
    );
    const [only] = candidates;
    return only !== undefined && candidates.length === 1
      ? { apiId: only.apiId, stage: only.stage }
      : UNKNOWN_STAGE;
  };
}
