import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ReplayReport } from '#cli/replay/report.ts';
import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';

/** The root of the repository, where the command line runs. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type CliRun = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

type Options = {
  readonly stdin?: string | Uint8Array;
  /** Variables besides those of the tests; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** What would change the output from one machine to the next. */
const NEUTRAL = {
  CI: undefined,
  COLUMNS: undefined,
  FORCE_COLOR: undefined,
  NODE_OPTIONS: undefined,
  NO_COLOR: undefined,
  SLACK_WEBHOOK_URL: undefined,
} as const;

/** Keys for a server of the tests, and nothing of what this machine has of its own. */
export const AWS_CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: undefined,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

/** The environment of a process of the command line. */
export function environmentWith(env: Options['env'] = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...NEUTRAL, ...env };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Runs the command line in a process of its own, as a shell would. */
export async function runCli(
  args: readonly string[],
  { stdin = '', env = {} }: Options = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], {
    cwd: ROOT,
    env: environmentWith(env),
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  // It may end before it has read everything.
  child.stdin.on('error', () => child.stdin.destroy());
  child.stdin.end(stdin);
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { code: await exit, stdout, stderr };
}

/** A run of `replay --json` with the document that it printed. */
export async function replayJson(
  args: readonly string[],
  options: Options = {},
): Promise<CliRun & { readonly report: ReplayReport }> {
  const run = await runCli(['replay', '--json', ...args], options);
  return { ...run, report: JSON.parse(run.stdout) as ReplayReport };
}

/** A run of `parse` with the requests that it printed. */
export async function parseJson(
  args: readonly string[],
  options: Options = {},
): Promise<CliRun & { readonly requests: readonly ParsedRequest[] }> {
  const run = await runCli(['parse', ...args], options);
  const lines = run.stdout.split('\n').filter((line) => line !== '');
  return { ...run, requests: lines.map((line) => JSON.parse(line) as ParsedRequest) };
}
