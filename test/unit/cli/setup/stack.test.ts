import { describe, expect, it } from 'vitest';
import {
  accountOf,
  describePlace,
  destinationsOf,
  explainStack,
  readDeployedStack,
} from '#cli/setup/stack.ts';

const OUTPUTS = {
  IngestAccessLogsFunctionArn: 'arn:access',
  IngestExecutionLogsFunctionArn: 'arn:execution',
  SubscribeMode: 'auto',
  InventoryTableName: 'inventory',
};

describe('readDeployedStack()', () => {
  it('readDeployedStack() takes destinations and mode from the outputs', async () => {
    const stack = await readDeployedStack(async () => OUTPUTS, 'gw');

    expect(stack).toMatchObject({
      status: 'deployed',
      subscribeMode: 'auto',
      inventoryTableName: 'inventory',
    });
    expect(destinationsOf(stack)).toMatchObject({
      stackName: 'gw',
      accessLogsFunctionArn: 'arn:access',
      executionLogsFunctionArn: 'arn:execution',
    });
  });

  it.each([
    ['arn:aws:lambda:eu-west-1:123456789012:function:gw-ingest', '123456789012'],
    ['arn:aws-cn:lambda:cn-north-1:123456789012:function:gw-ingest:live', '123456789012'],
    ['arn:access', null],
  ])('readDeployedStack() takes the account from %s', async (IngestAccessLogsFunctionArn, accountId) => {
    const stack = await readDeployedStack(async () => ({ ...OUTPUTS, IngestAccessLogsFunctionArn }), 'gw');

    expect(accountOf(stack)).toBe(accountId);
    expect(describePlace(stack, 'eu-west-1')).toBe(`stack gw, account ${accountId ?? 'unknown'}, eu-west-1`);
  });

  it.each(['manual', 'off'])('readDeployedStack() takes the mode %s as manual', async (SubscribeMode) => {
    expect(await readDeployedStack(async () => ({ ...OUTPUTS, SubscribeMode }), 'gw')).toMatchObject({
      subscribeMode: 'manual',
    });
  });

  it.each(Object.keys(OUTPUTS))('readDeployedStack() finds that the output %s is missing', async (key) => {
    const stack = await readDeployedStack(async () => ({ ...OUTPUTS, [key]: '' }), 'gw');

    expect(stack).toEqual({ status: 'unfit', name: 'gw', missingOutputs: [key] });
    if (stack.status !== 'deployed') expect(explainStack(stack, 'eu-west-1')).toContain(key);
  });

  it('readDeployedStack() finds that there is no stack, which has no destinations', async () => {
    const stack = await readDeployedStack(async () => null, 'gw');

    expect(stack).toEqual({ status: 'missing', name: 'gw' });
    expect(accountOf(stack)).toBeNull();
    expect(destinationsOf(stack).accessLogsFunctionArn).toBe('');
    if (stack.status !== 'deployed')
      expect(explainStack(stack, 'eu-west-1')).toMatch(/no stack gw in eu-west-1/);
  });
});
