import {
  CANARY_SUFFIX,
  type InventoryItem,
  type StageId,
  UNKNOWN_STAGE,
} from '#shared/domain/inventory/stage.ts';

type Identity = { readonly apiId: string | null; readonly stage: string | null };

/** Tells the stage of a request of one log group. The same stage is the same object each time, up to 1,000 of them. */
export type IdentifyStage = (identity: Identity) => StageId;

/** Remembers what was found, since a log group has few stages and many lines; bounded, for lines can say anything. */
const MAX_REMEMBERED = 1_000;

function remember(identify: IdentifyStage): IdentifyStage {
  const byApi = new Map<string | null, Map<string | null, StageId>>();
  let remembered = 0;
  return (identity) => {
    const { apiId, stage } = identity;
    const known = byApi.get(apiId)?.get(stage);
    if (known !== undefined) return known;
    const found = identify(identity);
    if (remembered >= MAX_REMEMBERED) return found;
    remembered += 1;
    const byStage = byApi.get(apiId) ?? new Map<string | null, StageId>();
    byApi.set(apiId, byStage.set(stage, found));
    return found;
  };
}

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
  return remember(({ apiId, stage }) => {
    if (apiId !== null && stage !== null) return { apiId, stage };
    const candidates = writers.filter(
      (item) => (apiId === null || item.apiId === apiId) && (stage === null || item.stage === stage),
    );
    const [only] = candidates;
    return only !== undefined && candidates.length === 1
      ? { apiId: only.apiId, stage: only.stage }
      : UNKNOWN_STAGE;
  });
}
