import * as v from 'valibot';
import type { AwsCall } from '#test/e2e/gateway/aws-call.ts';

const OneOrMore = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
);

/** Strict, so that a kind of statement that is not evaluated here fails instead of being ignored. */
const StatementSchema = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.literal('Allow'),
  Action: OneOrMore,
  Resource: OneOrMore,
  Condition: v.optional(v.strictObject({ StringEquals: v.record(v.string(), OneOrMore) })),
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
  readonly conditions: Readonly<Record<string, readonly string[]>>;
};

/**
 * Spells a role's policy out into single permissions.
 *
 * @throws {v.ValiError} If it holds anything but allowing statements with StringEquals
 */
export function parsePermissions(policy: unknown): Permission[] {
  return v
    .parse(PolicySchema, policy)
    .Statement.flatMap(({ Action, Resource, Condition }) =>
      Action.flatMap((action) =>
        Resource.map((resource) => ({ action, resource, conditions: Condition?.StringEquals ?? {} })),
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

/** Whether one permission allows a call. */
export function allows({ action, resource, conditions }: Permission, call: AwsCall): boolean {
  return (
    action.toLowerCase() === call.action.toLowerCase() &&
    matchesPattern(resource, call.resource) &&
    Object.entries(conditions).every(([key, values]) => values.includes(call.context[key] ?? ''))
  );
}

/** A permission in words. */
export function describePermission({ action, resource, conditions }: Permission): string {
  const keys = Object.keys(conditions);
  return `${action} on ${resource}${keys.length > 0 ? ` if ${keys.join(', ')}` : ''}`;
}
