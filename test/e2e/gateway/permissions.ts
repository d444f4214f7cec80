import * as v from 'valibot';
import type { AwsCall } from '#test/e2e/gateway/aws-call.ts';

const OneOrMore = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
);

const Values = v.record(v.string(), OneOrMore);

/** Strict, so that a kind of statement that is not evaluated here fails instead of being ignored. */
const StatementSchema = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.literal('Allow'),
  Action: OneOrMore,
  Resource: OneOrMore,
  Condition: v.optional(
    v.strictObject({
      StringEquals: v.optional(Values),
      StringLike: v.optional(Values),
      'ForAllValues:StringEquals': v.optional(Values),
      'ForAllValues:StringLike': v.optional(Values),
    }),
  ),
});

const PolicySchema = v.strictObject({
  Version: v.literal('2012-10-17'),
  Statement: v.array(StatementSchema),
});

/** One action on one resource that a role allows. */
export type Permission = {
  readonly action: string;
  /** May hold `*` and `?`. */
  readonly resource: string;
  readonly conditions: readonly Condition[];
};

/** What a call must carry. */
type Condition = {
  readonly key: string;
  readonly values: readonly string[];
  /** True if the values may hold `*` and `?`. */
  readonly isPattern: boolean;
  /** True if it also holds for a call that does not carry the key, as IAM has it for all of no values. */
  readonly isForAll: boolean;
};

function conditionsOf(operators: Readonly<Record<string, Readonly<Record<string, string[]>> | undefined>>) {
  return Object.entries(operators).flatMap(([operator, keys = {}]) =>
    Object.entries(keys).map(
      ([key, values]): Condition => ({
        key,
        values,
        isPattern: operator.endsWith('StringLike'),
        isForAll: operator.startsWith('ForAllValues:'),
      }),
    ),
  );
}

/**
 * Spells a role's policy out into single permissions.
 *
 * @throws {v.ValiError} If it holds anything but allowing statements with conditions that are known here
 */
export function parsePermissions(policy: unknown): Permission[] {
  return v
    .parse(PolicySchema, policy)
    .Statement.flatMap(({ Action, Resource, Condition }) =>
      Action.flatMap((action) =>
        Resource.map((resource) => ({ action, resource, conditions: conditionsOf(Condition ?? {}) })),
      ),
    );
}

/** `*` and `?` as IAM reads them. */
function matchesPattern(pattern: string, value: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 's').test(value);
}

function holds({ key, values, isPattern, isForAll }: Condition, { context }: AwsCall): boolean {
  const value = context[key];
  if (value === undefined) return isForAll;
  return values.some((one) => (isPattern ? matchesPattern(one, value) : one === value));
}

/** Whether one permission allows a call. */
export function allows({ action, resource, conditions }: Permission, call: AwsCall): boolean {
  return (
    action.toLowerCase() === call.action.toLowerCase() &&
    matchesPattern(resource, call.resource) &&
    conditions.every((condition) => holds(condition, call))
  );
}

/** A permission in words. */
export function describePermission({ action, resource, conditions }: Permission): string {
  const keys = conditions.map(({ key }) => key);
  return `${action} on ${resource}${keys.length > 0 ? ` if ${keys.join(', ')}` : ''}`;
}
