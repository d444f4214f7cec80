import type { InventoryItem, StageSettings } from '#shared/domain/inventory/stage.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

type StageName = Pick<InventoryItem, 'apiId' | 'apiName' | 'apiType' | 'stage'>;

type Stage = StageName & Pick<StageSettings, 'apiGatewayManaged'>;

/**
 * What is done to an access log: `start` one; `move` it to a log group that takes filters; `restore` the log group that
 * it goes to and that does not exist; or `reformat` it. All but the last make a log group.
 */
export type ChangeKind = 'start' | 'move' | 'restore' | 'reformat';

/** A change to a stage that a person makes; Gatewatch prints it. */
export type LoggingChange = Stage & {
  readonly kind: ChangeKind;
  readonly logGroup: string;
  readonly format: string;
  /** False where the stage is right, and only lacks its log group. */
  readonly updatesStage: boolean;
};

/** `closed`: its class takes no filters; `missing`: there is none of that name. */
export type LogGroupState = 'readable' | 'closed' | 'missing';

/** The access log that a stage has. */
type CurrentLog = {
  readonly logGroup: string;
  readonly state: LogGroupState;
  /** `null` if it lacks something. */
  readonly completeFormat: string | null;
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
export function suggestLogGroup({ apiId, apiName, apiType, stage }: StageName): string {
  const api = [pathPart(apiName), apiId].filter((part) => part !== '').join('-');
  const folder = apiType === 'HTTP' ? '/aws/vendedlogs/api-gateway' : '/aws/api-gateway';
  // Another stage of the API may be called `default`.
  return `${folder}/${api}/${stage.replace('$', '_')}`;
}

const KINDS = { readable: 'reformat', closed: 'move', missing: 'restore' } as const;

/** The change that gives a stage the recommended access log; `null`: it has none. */
export function createLoggingChange(
  { apiId, apiName, apiType, stage, apiGatewayManaged }: Stage,
  current: CurrentLog | null,
): LoggingChange {
  const id = { apiId, apiName, apiType, stage, apiGatewayManaged };
  const suggested = suggestLogGroup(id);
  const format = RECOMMENDED_FORMATS[apiType];
  if (current === null) return { ...id, kind: 'start', logGroup: suggested, format, updatesStage: true };
  const { logGroup, state, completeFormat } = current;
  const kind = KINDS[state];
  if (kind === 'move') {
    const made = suggested === logGroup ? `${suggested}/standard` : suggested;
    return { ...id, kind, logGroup: made, format, updatesStage: true };
  }
  const updatesStage = kind === 'reformat' || completeFormat === null;
  return { ...id, kind, logGroup, format: updatesStage ? format : completeFormat, updatesStage };
}

/** Whether the log group of a change has to be made first. */
export function makesGroup({ kind }: Pick<LoggingChange, 'kind'>): boolean {
  return kind !== 'reformat';
}

/**
 * Whether the change needs CloudFormation: the stage is one that quick create made. AWS documents that such a stage
 * cannot be modified, and a resource that overrides it.
 *
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-apigatewaymanagedoverrides.html}
 */
export function needsOverrides({ apiGatewayManaged, updatesStage }: LoggingChange): boolean {
  return apiGatewayManaged && updatesStage;
}
