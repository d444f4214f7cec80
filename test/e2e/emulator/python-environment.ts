import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = resolve(import.meta.dirname, '../../..');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const FOLDER = join(ROOT, '.e2e');

/** The emulator needs 3.10. */
const MIN_MINOR = 10;
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/** The programs of the repository's own Python environment. */
export type PythonEnvironment = { readonly python: string; readonly cfnLint: string };

async function minorVersion(python: string): Promise<number | null> {
  try {
    const { stdout } = await run(python, ['-c', 'import sys; print(*sys.version_info[:2])']);
    const [major, minor] = stdout.trim().split(' ').map(Number);
    return major === 3 ? (minor ?? null) : null;
  } catch {
    return null; // not installed, which the caller reports
  }
}

async function findPython(): Promise<string> {
  for (const candidate of CANDIDATES) {
    if (((await minorVersion(candidate)) ?? 0) >= MIN_MINOR) return candidate;
  }
  throw new Error(
    `The end-to-end tests run AWS on this machine with an emulator in Python: install Python 3.${MIN_MINOR} or newer with venv (tried ${CANDIDATES.join(', ')})`,
  );
}

/**
 * Makes a virtual environment in `.e2e` with exactly what requirements.txt pins, or finds the one made before.
 *
 * @throws {Error} If there is no Python, or the packages cannot be installed
 */
export async function ensurePythonEnvironment(): Promise<PythonEnvironment> {
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const stamp = join(FOLDER, 'installed');
  const bin = join(FOLDER, 'venv/bin');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    const python = await findPython();
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    await run(python, ['-m', 'venv', join(FOLDER, 'venv')]);
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--requirement',
      REQUIREMENTS,
    ];
    await run(join(bin, 'python'), pip);
    writeFileSync(stamp, wanted);
  }
  return { python: join(bin, 'python'), cfnLint: join(bin, 'cfn-lint') };
}
