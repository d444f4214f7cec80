import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { e2e, table } from '#test/e2e/e2e.ts';
import { ensurePythonEnvironment } from '#test/e2e/emulator/python-environment.ts';
import { deployStack } from '#test/e2e/stack/deployed-stack.ts';
import { previousRelease } from '#test/e2e/stack/previous-release.ts';

/** How the stack comes to be. */
export function describeDeployment(): void {
  describe('deployment', () => {
    it('has a template in which cfn-lint finds nothing but what .cfnlintrc explains', async () => {
      const { cfnLint } = await ensurePythonEnvironment();
      const template = join(
        e2e.packaged.bot.directory,
        '.serverless/cloudformation-template-update-stack.json',
      );

      const { stdout } = await promisify(execFile)(cfnLint, [
        '--regions',
        'us-east-1',
        '--template',
        template,
      ]);

      expect(stdout).toBe('');
    });

    it('updates the previous release in place and keeps what its tables hold', async () => {
      const before = previousRelease(e2e.packaged.webhook);
      e2e.stack = await deployStack(e2e.aws, before);
      const tables = ['Incidents', 'Inventory', 'Ledger', 'Evaluations'];
      const namesBefore = tables.map(table);
      for (const name of namesBefore) {
        const item = { key: { S: '#kept' }, kept: { S: name } };
        await e2e.aws.clients.dynamoDb.send(new PutItemCommand({ TableName: name, Item: item }));
      }

      e2e.stack = await deployStack(e2e.aws, e2e.packaged.webhook);

      before.remove();
      if (e2e.stack.leftOut.length > 0) console.log('Left out of the template:', e2e.stack.leftOut);
      expect(tables.map(table)).toEqual(namesBefore);
      for (const name of namesBefore) {
        const { Items = [] } = await e2e.aws.clients.dynamoDb.send(new ScanCommand({ TableName: name }));
        expect(Items.find(({ key }) => key?.S === '#kept')).toMatchObject({ kept: { S: name } });
        await e2e.aws.clients.dynamoDb.send(
          new DeleteItemCommand({ TableName: name, Key: { key: { S: '#kept' } } }),
        );
      }
    });
  });
}
