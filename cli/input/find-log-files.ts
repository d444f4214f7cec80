import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '#cli/errors.ts';

/** A place to read log lines from: a file, or standard input as `-`; `bytes` is `null` for what can be read only once. */
export type LogFile = { readonly name: string; readonly bytes: number | null };

/** The files behind the names on a command line, and those of its folders that are not called like logs. */
export type FoundFiles = { readonly files: readonly LogFile[]; readonly leftOut: readonly string[] };

/** What is taken from a folder; a file that is named itself may be called anything. */
const LOG_NAME = /\.(log|jsonl|ndjson|txt)(\.gz)?$|\.gz$/i;

/** Standard input. */
export const STDIN = '-';

/** Says why a file or folder cannot be read. */
export function whyUnreadable({ code = 'unknown error' }: NodeJS.ErrnoException): string {
  return code === 'ENOENT' ? 'no such file or folder' : `cannot be read (${code})`;
}

function unreadable(name: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    throw new UsageError(`${name}: ${whyUnreadable(cause)}`, { cause });
  };
}

async function filesIn(folder: string): Promise<FoundFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(unreadable(folder));
  const all = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const names = all.filter((name) => LOG_NAME.test(name));
  if (names.length === 0) {
    throw new UsageError(
      `${folder}: no log files in this folder (looked for .log, .jsonl, .ndjson, .txt and .gz)`,
    );
  }
  const files = await Promise.all(
    names.map(async (name) => ({ name, bytes: (await stat(name).catch(unreadable(name))).size })),
  );
  return { files, leftOut: all.filter((name) => !LOG_NAME.test(name)) };
}

async function expand(name: string): Promise<FoundFiles> {
  if (name === STDIN) return { files: [{ name, bytes: null }], leftOut: [] };
  const info = await stat(name).catch(unreadable(name));
  if (info.isDirectory()) return filesIn(name);
  return { files: [{ name, bytes: info.isFile() ? info.size : null }], leftOut: [] };
}

/**
 * Finds the files behind the names on a command line; folders are searched to the bottom.
 *
 * @throws {UsageError} If a name does not exist or cannot be read, or a folder holds no logs
 */
export async function findLogFiles(names: readonly string[]): Promise<FoundFiles> {
  const found = await Promise.all(names.map(expand));
  return {
    files: found.flatMap(({ files }) => files),
    leftOut: found.flatMap(({ leftOut }) => leftOut),
  };
}
