import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '#cli/errors.ts';

/** A place to read log lines from: a file, or standard input as `-`; `bytes` is `null` for what can be read only once. */
export type LogFile = { readonly name: string; readonly bytes: number | null };

/** What is taken from a folder; a file that is named itself may be called anything. */
const LOG_NAME = /\.(log|jsonl|ndjson|txt)(\.gz)?$|\.gz$/i;

/** Standard input. */
export const STDIN = '-';

function unreadable(name: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    const why =
      cause.code === 'ENOENT'
        ? 'no such file or folder'
        : `cannot be read (${cause.code ?? 'unknown error'})`;
    throw new UsageError(`${name}: ${why}`, { cause });
  };
}

async function filesIn(folder: string): Promise<LogFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(unreadable(folder));
  const names = entries
    .filter((entry) => entry.isFile() && LOG_NAME.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (names.length === 0) {
    throw new UsageError(
      `${folder}: no log files in this folder (looked for .log, .jsonl, .ndjson, .txt and .gz)`,
    );
  }
  return Promise.all(
    names.map(async (name) => ({ name, bytes: (await stat(name).catch(unreadable(name))).size })),
  );
}

async function expand(name: string): Promise<LogFile[]> {
  if (name === STDIN) return [{ name, bytes: null }];
  const info = await stat(name).catch(unreadable(name));
  return info.isDirectory() ? filesIn(name) : [{ name, bytes: info.isFile() ? info.size : null }];
}

/**
 * Finds the files behind the names on a command line; folders are searched to the bottom.
 *
 * @throws {UsageError} If a name does not exist or cannot be read, or a folder holds no logs
 */
export async function findLogFiles(names: readonly string[]): Promise<LogFile[]> {
  return (await Promise.all(names.map(expand))).flat();
}
