import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that nobody else uses. */
export type TempFolder = {
  readonly path: string;
  /** Writes a file, with the folders on the way to it. @returns Its path */
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly remove: () => void;
};

/** Makes an empty folder; whoever makes it removes it. */
export function makeTempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'gatewatch-'));
  return {
    path,
    remove: () => rmSync(path, { recursive: true, force: true }),
    write: (name, content) => {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}

/** Makes an empty folder for the test that runs; it is removed after it. */
export function useTempFolder(): TempFolder {
  const folder = makeTempFolder();
  onTestFinished(folder.remove);
  return folder;
}
