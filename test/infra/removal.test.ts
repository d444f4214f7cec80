import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dependenciesOf } from '#test/infra/dependencies.ts';
import { findFunction } from '#test/infra/functions.ts';
import { type PackagedStack, packageStack } from '#test/infra/package-stack.ts';
import { onlyResource, resolveTemplate } from '#test/infra/template.ts';

const PACKAGE_TIMEOUT_MS = 120_000;
const UNSUBSCRIBING = 'LogGroupSubscriptions';

let stack: PackagedStack;

beforeAll(async () => {
  stack = await packageStack();
}, PACKAGE_TIMEOUT_MS);

afterAll(() => stack.remove());

/** Ids of a function's own resources. */
function idsOf(name: string): { readonly functionId: string; readonly roleId: string } {
  const { id, properties } = findFunction(resolveTemplate(stack.template), name);
  return { functionId: id, roleId: properties.Role.replace(/\.Arn$/, '') };
}

describe('removal of the stack', () => {
  it('takes the filters away with unsubscribe-log-groups, within 20 minutes', () => {
    const template = resolveTemplate(stack.template);

    expect(onlyResource(template, 'Custom::LogGroupSubscriptions')).toEqual({
      ServiceToken: `${idsOf('unsubscribe-log-groups').functionId}.Arn`,
      ServiceTimeout: 1200,
    });
  });

  it('stops the one who makes filters before it takes them away', () => {
    const { functionId, roleId } = idsOf('subscribe-log-groups');
    const [ruleId = ''] =
      Object.entries(stack.template.Resources).find(
        ([id, { Type }]) =>
          Type === 'AWS::Events::Rule' && dependenciesOf(stack.template, id).has(functionId),
      ) ?? [];

    for (const id of [ruleId, functionId, roleId]) {
      expect([...dependenciesOf(stack.template, id)]).toContain(UNSUBSCRIBING);
    }
  });

  it('takes them away before what they lead to, and before what it needs for that', () => {
    const needed = ['ingest-access-logs', 'ingest-execution-logs', 'unsubscribe-log-groups'].map(idsOf);

    expect([...dependenciesOf(stack.template, UNSUBSCRIBING)]).toEqual(
      expect.arrayContaining([
        ...needed.flatMap(({ functionId, roleId }) => [functionId, roleId]),
        'IngestAccessLogsPermission',
        'IngestExecutionLogsPermission',
        'InventoryTable',
      ]),
    );
  });
});
