import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

type Stage = Pick<InventoryItem, 'apiId' | 'apiName' | 'apiType' | 'stage'>;

/**
 * What is done to an access log: `start` one; `move` it to a log group that takes filters; or `reformat` it. The first
 * two make the log group.
 */
export type ChangeKind = 'start' | 'move' | 'reformat';

/** A change to a stage that a person makes; Gatewatch prints it. */
export type LoggingChange = Stage & {
  readonly kind: ChangeKind;
  readonly logGroup: string;
  readonly format: string;
};

/** Long enough to look back at a month; what is kept for ever costs more every month. */
export const SUGGESTED_RETENTION_DAYS = 30;

const MAX_NAME_LENGTH = 100;

/** What the service takes in the name of an access log's destination. */
function pathPart(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/^[-.]+|[-.]+$/g, '');
}

/**
 * Names a log group for one stage alone, so that even lines without API and stage are known. Those of HTTP APIs come by
 * log delivery, whose policy lists each group and ends at 5,120 characters, except for names that begin with
 * `/aws/vendedlogs/`.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html}
 */
export function suggestLogGroup({ apiId, apiName, apiType, stage }: Stage): string {
  const api = [pathPart(apiName), apiId].filter((part) => part !== '').join('-');
  const folder = apiType === 'HTTP' ? '/aws/vendedlogs/api-gateway' : '/aws/api-gateway';
  return `${folder}/${api}/${stage.replace('$', '')}`;
}

/**
 * The change that gives a stage the recommended access log.
 *
 * @param current - The group that it writes to, `null` for none
 * @param isUsable - Whether it can go on with that group: one of another class than Standard gives nothing away
 */
export function createLoggingChange(
  { apiId, apiName, apiType, stage }: Stage,
  current: string | null,
  isUsable: boolean,
): LoggingChange {
  const id = { apiId, apiName, apiType, stage };
  const suggested = suggestLogGroup(id);
  const kind = current === null ? 'start' : isUsable ? 'reformat' : 'move';
  const made = suggested === current ? `${suggested}/standard` : suggested;
  return {
    ...id,
    kind,
    logGroup: kind === 'reformat' && current !== null ? current : made,
    format: RECOMMENDED_FORMATS[apiType],
  };
}

/** Whether the log group of a change has to be made first. */
export function makesGroup({ kind }: Pick<LoggingChange, 'kind'>): boolean {
  return kind !== 'reformat';
}
