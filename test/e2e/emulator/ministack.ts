import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const NODE_BIN = resolve(import.meta.dirname, '../../../node_modules/.bin');

/** The log of the last run, for whoever wonders why it failed. */
const KEPT_LOG = resolve(import.meta.dirname, '../../../.e2e/ministack.log');

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** AWS on this machine: everything that the test gateway does not answer itself. */
export type MiniStack = {
  readonly url: string;
  /** Stops as a reboot would and starts again with what it had kept. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** The end of its log, for an error. */
  readonly logTail: () => string;
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Nothing of the environment but what is named: no credentials, proxies or Node options of the machine. */
function environment(folder: string, port: number, gatewayUrl: string): NodeJS.ProcessEnv {
  return {
    // Functions run on the first `node` there is: the one from npm, whose major is Lambda's.
    PATH: [NODE_BIN, process.env['PATH'] ?? ''].join(delimiter),
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    S3_DATA_DIR: join(folder, 's3'),
    S3_PERSIST: '1',
    PERSIST_STATE: '1',
    STATE_DIR: join(folder, 'state'),
    LAMBDA_EXECUTOR: 'local',
    // Lambda repeats after 1 and 2 minutes; nobody waits for that here.
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: '0.2',
    LAMBDA_ASYNC_RETRY_MAX_SECONDS: '0.5',
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    // What the functions are told to call.
    AWS_ENDPOINT_URL: gatewayUrl,
  };
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_ministack/health`)).ok;
  } catch {
    return false; // not listening yet
  }
}

/** The functions that run now. */
async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([own, parent]) => (own !== undefined && parent === pid ? [own] : []));
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended by itself
  }
}

/** Ends it and its functions, which would otherwise go on with what they are doing. */
async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const functions = await childrenOf(child);
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
  functions.forEach(killIfThere);
}

/**
 * Starts MiniStack in a folder of its own.
 *
 * @param gatewayUrl - The address that functions get for AWS
 * @throws {Error} If it does not come up, with the end of its log
 */
export async function startMiniStack(python: string, gatewayUrl: string): Promise<MiniStack> {
  const folder = mkdtempSync(join(tmpdir(), 'gatewatch-e2e-'));
  for (const name of ['tmp', 's3', 'state']) mkdirSync(join(folder, name));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, 'ministack.log');
  const logTail = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-4_000) : '');

  async function start(): Promise<ChildProcess> {
    const env = environment(folder, port, gatewayUrl);
    const child = spawn(python, ['-m', 'ministack'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(logFile, { flags: 'a' });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    const deadlineMs = Date.now() + START_TIMEOUT_MS;
    while (!(await isHealthy(url))) {
      if (child.exitCode !== null || Date.now() > deadlineMs) {
        child.kill('SIGKILL');
        throw new Error(`The emulator did not start:\n${logTail()}`);
      }
      await wait(50);
    }
    return child;
  }

  let child = await start();
  return {
    url,
    logTail,
    restart: async () => {
      await stopProcess(child);
      child = await start();
    },
    stop: async () => {
      await stopProcess(child);
      copyFileSync(logFile, KEPT_LOG);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
