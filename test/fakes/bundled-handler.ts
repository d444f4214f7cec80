import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleFunction } from '#test/infra/bundle-function.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const RUNNER = join(ROOT, 'test/infra/invoke-handler.mjs');

/** What a handler wrote while it worked; an error that it threw is in `stderr`, as Node prints it: with all causes. */
export type HandlerRun = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A handler, bundled as for a deployment, which runs in a process of its own. */
export type BundledHandler = {
  /** Hands it events until it fails. Variables are set besides those of Lambda. */
  readonly run: (
    events: readonly unknown[],
    variables?: Readonly<Record<string, string>>,
  ) => Promise<HandlerRun>;
  readonly remove: () => void;
};

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Bundles the handler of a function.
 *
 * @param variables - Its environment, without what Lambda sets
 */
export async function bundleHandler(
  name: string,
  awsUrl: string,
  variables: Readonly<Record<string, string>>,
): Promise<BundledHandler> {
  const directory = mkdtempSync(join(tmpdir(), `gatewatch-${name}-`));
  const file = join(directory, 'handler.mjs');
  writeFileSync(file, await bundleFunction({ file: join(ROOT, 'functions', name, 'handler.ts') }));
  const env = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_ENDPOINT_URL: awsUrl,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_REGION: 'us-east-1',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...variables,
  };
  return {
    run: async (events, more = {}) => {
      const child = spawn(process.execPath, [RUNNER, file, 'handler'], {
        cwd: directory,
        env: { ...env, ...more },
      });
      const exit = new Promise<number | null>((done) => child.once('close', done));
      child.stdin.on('error', () => child.stdin.destroy());
      child.stdin.end(events.map((event) => JSON.stringify(event)).join('\n'));
      const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
      return { code: await exit, stdout, stderr };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
