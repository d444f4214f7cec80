import type { ChangeKind, LoggingChange } from '#shared/domain/logging/logging-change.ts';
import type { ApiType } from '#shared/domain/logs/request.ts';

/** Characters of an API's name in an identifier. */
const MAX_NAME_LENGTH = 60;

/** Said above every printed change. */
export const HEADLINE =
  'Suggested by gatewatch setup, which never edits a stage. Where a template owns the stage, change it there.';

/** What REST and WebSocket APIs need to write logs at all. */
export const ROLE_HINT =
  'REST and WebSocket APIs log only if the account has a role for it in this Region: aws apigateway get-account --query cloudwatchRoleArn';

/** Whether one of the changes starts a log for which the account needs a role. */
export function needsRole(changes: readonly LoggingChange[]): boolean {
  return changes.some(({ apiType, kind }) => kind === 'start' && apiType !== 'HTTP');
}

/** The kinds of API among the changes, each once. */
export function apiTypesOf(changes: readonly LoggingChange[]): ApiType[] {
  return [...new Set(changes.map(({ apiType }) => apiType))];
}

/** `orders-api/prod (a1b2c3d4e5)` on one line: names are not ours, and a new line in one would end a comment. */
export function titleOf({ apiId, apiName, stage }: LoggingChange): string {
  return `${apiName}/${stage} (${apiId})`.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}

const EFFECTS: Readonly<Record<ChangeKind, string>> = {
  start: 'starts an access log',
  move: 'moves the access log to a log group that takes filters',
  reformat: 'replaces the format of the access log, which others may read too',
};

/** What the change does to the stage, in one line. */
export function effectOf({ kind }: LoggingChange): string {
  return EFFECTS[kind];
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
