import { describe, expect, it } from 'vitest';
import { allows, describePermission, parsePermissions } from '#test/e2e/gateway/permissions.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Ledger';

function policy(statement: object): unknown {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
}

function call(action: string, resource: string, context: Record<string, string> = {}) {
  return { caller: 'f', action, resource, context };
}

describe('permissions', () => {
  it('parsePermissions() spells out every action on every resource', () => {
    const permissions = parsePermissions(
      policy({
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        Resource: [TABLE, `${TABLE}/index/active`],
      }),
    );

    expect(permissions.map(describePermission)).toEqual([
      `dynamodb:GetItem on ${TABLE}`,
      `dynamodb:GetItem on ${TABLE}/index/active`,
      `dynamodb:PutItem on ${TABLE}`,
      `dynamodb:PutItem on ${TABLE}/index/active`,
    ]);
  });

  it.each([
    ['a denial', { Effect: 'Deny', Action: 'a:B', Resource: '*' }],
    ['an exception', { NotAction: 'a:B', Resource: '*' }],
    ['another condition', { Action: 'a:B', Resource: '*', Condition: { StringNotEquals: { 'a:b': 'c' } } }],
  ])('parsePermissions() refuses %s, which it would not evaluate', (_, statement) => {
    expect(() => parsePermissions(policy(statement))).toThrow();
  });

  it.each([
    ['the same resource', TABLE, TABLE, true],
    ['a resource below a wildcard', `${TABLE}/index/*`, `${TABLE}/index/active`, true],
    ['one character for a question mark', `${TABLE}?`, `${TABLE}s`, true],
    ['a dot only for a dot', 'arn:a.b', 'arn:a-b', false],
    ['a longer resource', TABLE, `${TABLE}/index/active`, false],
    ['another resource', TABLE, `${TABLE}2`, false],
  ])('allows() knows %s', (_, resource, asked, expected) => {
    const [permission] = parsePermissions(policy({ Action: 'dynamodb:Query', Resource: resource }));

    expect(permission !== undefined && allows(permission, call('dynamodb:Query', asked))).toBe(expected);
  });

  it('allows() knows no other action, not even a longer one', () => {
    const [permission] = parsePermissions(policy({ Action: 'dynamodb:Put*', Resource: '*' }));

    expect(permission !== undefined && allows(permission, call('dynamodb:PutItem', TABLE))).toBe(false);
  });

  it.each([
    ['Gatewatch', true],
    ['Other', false],
    [undefined, false],
  ])('allows() holds a call in the namespace %s against the condition', (namespace, expected) => {
    const [permission] = parsePermissions(
      policy({
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': 'Gatewatch' } },
      }),
    );
    const context = namespace === undefined ? undefined : { 'cloudwatch:namespace': namespace };

    const asked = call('cloudwatch:PutMetricData', '*', context);
    expect(permission !== undefined && allows(permission, asked)).toBe(expected);
  });

  it('allows() takes a value of StringLike for a pattern, which a call without the key does not match', () => {
    const Condition = { StringLike: { 'kms:EncryptionContext:SecretARN': 'arn:secret:slack-??????' } };
    const [permission] = parsePermissions(policy({ Action: 'kms:Decrypt', Resource: '*', Condition }));
    const withSecret = (SecretARN: string) => ({ 'kms:EncryptionContext:SecretARN': SecretARN });
    const asked = [withSecret('arn:secret:slack-a1b2c3'), withSecret('arn:secret:other-a1b2c3'), {}];

    const allowed = asked.map((context) =>
      permission === undefined ? null : allows(permission, call('kms:Decrypt', '*', context)),
    );

    expect(allowed).toEqual([true, false, false]);
  });

  it.each([
    ['StringEquals', 'mutes', 'mutes', true],
    ['StringEquals', 'mutes', 'mutes2', false],
    ['StringEquals', 'm*', 'mutes', false],
    ['StringLike', 'drill|*', 'drill|1|x|d1', true],
    ['StringLike', 'drill|*', 'account|1|x', false],
  ])('allows() holds ForAllValues:%s %s against the key %s', (operator, value, key, expected) => {
    const Condition = { [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': [value] } };
    const [permission] = parsePermissions(policy({ Action: 'dynamodb:GetItem', Resource: TABLE, Condition }));

    const asked = call('dynamodb:GetItem', TABLE, { 'dynamodb:LeadingKeys': key });
    expect(permission !== undefined && allows(permission, asked)).toBe(expected);
  });
});
