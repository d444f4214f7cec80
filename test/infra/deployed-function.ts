import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findFunction } from '#test/infra/functions.ts';
import type { PackagedStack } from '#test/infra/package-stack.ts';
import { ACCOUNT_ID, REGION, resourcesOf, type Template } from '#test/infra/template.ts';
import { unzip } from '#test/infra/unzip.ts';

const RUNNER = resolve(import.meta.dirname, 'invoke-handler.mjs');

export type DeployedFunction = {
  /**
   * Hands events to the handler, one after the other, in a process of its own.
   *
   * @returns The lines that it wrote to standard output, then those to standard error
   */
  readonly invoke: (...events: readonly unknown[]) => Promise<string[]>;
  readonly remove: () => void;
};

/** What Lambda puts into the environment, with AWS behind one address. */
function lambdaEnvironment(functionName: string, awsUrl: string): NodeJS.ProcessEnv {
  return {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_ENDPOINT_URL: awsUrl,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_REGION: REGION,
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

/** The URLs of queues, of which the template knows only the ids. */
function queueUrls(template: Template, variables: Readonly<Record<string, string>>, awsUrl: string) {
  const queues = resourcesOf(template, 'AWS::SQS::Queue').map(([id]) => id);
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([, value]) => queues.includes(value))
      .map(([name, id]) => [name, `${awsUrl}/${ACCOUNT_ID}/${id}`]),
  );
}

/**
 * Unpacks a function where no other file is, to run as Lambda would run it.
 *
 * @param changes - Variables that are others than those of the template
 */
export function deployFunction(
  name: string,
  stack: PackagedStack,
  template: Template,
  awsUrl: string,
  changes: Readonly<Record<string, string>> = {},
): DeployedFunction {
  const { FunctionName, Handler, Environment } = findFunction(template, name).properties;
  const [module, exportName] = Handler.split('.');
  const directory = mkdtempSync(join(tmpdir(), `gatewatch-${name}-`));
  unzip(stack.artifact(name), directory);
  const { Variables } = Environment;
  const env = {
    ...lambdaEnvironment(FunctionName, awsUrl),
    ...Variables,
    ...queueUrls(template, Variables, awsUrl),
    ...changes,
  };
  return {
    invoke: async (...events) => {
      const run = promisify(execFile)(
        process.execPath,
        [RUNNER, join(directory, `${module}.mjs`), exportName],
        {
          cwd: directory,
          env,
        },
      );
      run.child.stdin?.end(events.map((event) => JSON.stringify(event)).join('\n'));
      const { stdout, stderr } = await run;
      return `${stdout}${stderr}`.trimEnd().split('\n');
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
