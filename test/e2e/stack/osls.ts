import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const OSLS = resolve(import.meta.dirname, '../../../node_modules/osls/bin/serverless.js');

const TIMEOUT_MS = 120_000;

/** What osls, the SDK and the command line need to take a local address for AWS. The credentials are not real. */
export function emulatorEnvironment(endpoint: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|SLS|SERVERLESS)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    // How often it asks whether the stack is done; 5 s by default.
    SLS_AWS_MONITORING_FREQUENCY: '200',
  };
}

/**
 * Runs osls in a packaged project.
 *
 * @throws {Error} If it fails or takes longer than two minutes, with its output
 */
export async function runOsls(directory: string, endpoint: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [OSLS, ...args], {
      cwd: directory,
      env: emulatorEnvironment(endpoint),
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new Error(`osls ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause });
  }
}
