import {
  type ChangeKind,
  type LoggingChange,
  makesGroup,
  needsOverrides,
} from '#shared/domain/logging/logging-change.ts';
import type { ApiType } from '#shared/domain/logs/access/request.ts';

/** Characters of an API's name in an identifier. */
const MAX_NAME_LENGTH = 60;

/** Said above every printed change. */
export const HEADLINE =
  'Suggested by gatewatch setup, which never edits a stage. Where a template owns the stage, change it there.';

const ROLE_HINT =
  'REST and WebSocket APIs log only if the account has a role for it in this Region. If aws apigateway get-account --query cloudwatchRoleArn says null, make a role that apigateway.amazonaws.com may assume, with the managed policy AmazonAPIGatewayPushToCloudWatchLogs, and set it: aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=ROLE_ARN';

const DELIVERY_HINT =
  'HTTP APIs log by log delivery: whoever makes the change needs logs:CreateLogDelivery, logs:GetLogDelivery, logs:UpdateLogDelivery, logs:DeleteLogDelivery, logs:ListLogDeliveries, logs:PutResourcePolicy, logs:DescribeResourcePolicies and logs:DescribeLogGroups.';

/**
 * What has to be there before the changes: a role for REST and WebSocket APIs that did not log so far, and permissions
 * for HTTP APIs.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html}
 */
export function hintsFor(changes: readonly LoggingChange[]): string[] {
  const needsRole = changes.some(({ apiType, kind }) => kind === 'start' && apiType !== 'HTTP');
  const delivers = changes.some(({ apiType, updatesStage }) => updatesStage && apiType === 'HTTP');
  return [...(needsRole ? [ROLE_HINT] : []), ...(delivers ? [DELIVERY_HINT] : [])];
}

/** The kinds of API whose format the changes set without overrides, each once. */
export function formatsOf(changes: readonly LoggingChange[]): ApiType[] {
  const setting = changes.filter((change) => change.updatesStage && !needsOverrides(change));
  return [...new Set(setting.map(({ apiType }) => apiType))];
}

/**
 * Tells for each change which of them makes its log group.
 *
 * @param names - One for each change
 * @returns The name of the change that does, or `null` if the group is there already
 */
export function makersOf(changes: readonly LoggingChange[], names: readonly string[]): (string | null)[] {
  return changes.map((change, index) => {
    const maker = makesGroup(change)
      ? index
      : changes.findIndex((other) => makesGroup(other) && other.logGroup === change.logGroup);
    return names[maker] ?? null;
  });
}

/** Said of a stage that quick create made, where only CloudFormation has words for its change. */
export const OVERRIDES_HINT =
  'made by quick create, and AWS documents that such a stage cannot be modified: override it by AWS::ApiGatewayV2::ApiGatewayManagedOverrides (--print cloudformation)';

/** `orders-api/prod (a1b2c3d4e5)` on one line: names are not ours, and a new line in one would end a comment. */
export function titleOf({ apiId, apiName, stage }: LoggingChange): string {
  return `${apiName}/${stage} (${apiId})`.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}

const EFFECTS: Readonly<Record<ChangeKind, string>> = {
  start: 'starts an access log',
  move: 'moves the access log to a log group that takes filters',
  restore: 'makes the log group that the access log goes to, which does not exist',
  reformat: 'replaces the format of the access log, which others may read too',
};

/** What the change does to the stage, in one line. */
export function effectOf({ kind, updatesStage }: LoggingChange): string {
  return kind === 'restore' && updatesStage ? `${EFFECTS.restore}, and ${EFFECTS.reformat}` : EFFECTS[kind];
}

/**
 * Gives each change an identifier of its own, in order.
 *
 * @param nameOf - Makes one of words that are letters and digits
 */
export function identifiersOf(
  changes: readonly LoggingChange[],
  nameOf: (words: readonly string[]) => string,
): string[] {
  const taken = new Set<string>();
  return changes.map(({ apiName, apiId, stage }, index) => {
    const words = `${apiName.slice(0, MAX_NAME_LENGTH)} ${stage}`.match(/[A-Za-z0-9]+/g) ?? [];
    const candidates = [words, [...words, apiId], [...words, apiId, String(index)]].map(nameOf);
    const name = candidates.find((candidate) => !taken.has(candidate)) ?? '';
    taken.add(name);
    return name;
  });
}
