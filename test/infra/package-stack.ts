import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Template } from '#test/infra/template.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a package is made from. It is made elsewhere, so that runs at once do not meet in `.serverless`. */
const FILES = ['esbuild.config.cjs', 'package.json', 'serverless.yml'];
const FOLDERS = ['functions', 'infra', 'node_modules', 'shared'];

/** Parameters without a default. */
const REQUIRED_PARAMS = { alarmEmail: 'oncall@example.com' };

export type PackagedStack = {
  /** The project as osls sees it, with its output in `.serverless`. */
  readonly directory: string;
  readonly template: Template;
  /** Path of the zip file of a function. */
  readonly artifact: (functionName: string) => string;
  readonly remove: () => void;
};

/** The environment without anything of AWS in it: packaging needs neither account nor network. */
function environmentWithoutAws(directory: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|SLS|SERVERLESS)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: join(directory, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
  };
}

async function runPackage(directory: string, params: Readonly<Record<string, string>>): Promise<void> {
  const options = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  const command = [
    join(ROOT, 'node_modules/osls/bin/serverless.js'),
    'package',
    '--region=us-east-1',
    ...options,
  ];
  try {
    await promisify(execFile)(process.execPath, command, {
      cwd: directory,
      env: environmentWithoutAws(directory),
    });
  } catch (cause) {
    throw new Error(`osls package failed: ${(cause as { stdout?: string }).stdout ?? ''}`, { cause });
  }
}

/**
 * Packages the stack with osls, as a deployment does before it turns to AWS.
 *
 * @param params - Parameters that differ from their defaults; those without one get some value
 * @throws {Error} With what osls says, if it does not package
 */
export async function packageStack(params: Readonly<Record<string, string>> = {}): Promise<PackagedStack> {
  const directory = mkdtempSync(join(tmpdir(), 'gatewatch-package-'));
  for (const name of FILES) cpSync(join(ROOT, name), join(directory, name));
  for (const name of FOLDERS) symlinkSync(join(ROOT, name), join(directory, name));
  await runPackage(directory, { ...REQUIRED_PARAMS, ...params });
  const output = join(directory, '.serverless');
  const template = readFileSync(join(output, 'cloudformation-template-update-stack.json'), 'utf8');
  return {
    directory,
    template: JSON.parse(template) as Template,
    artifact: (functionName) => join(output, `${functionName}.zip`),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
