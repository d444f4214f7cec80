import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#cli/errors.ts';
import { findLogFiles } from '#cli/input/find-log-files.ts';
import { useTempFolder } from '#test/fakes/temp-folder.ts';

async function failureOf(names: readonly string[]): Promise<unknown> {
  return findLogFiles(names).catch((error: unknown) => error);
}

describe('findLogFiles()', () => {
  it('findLogFiles() gives files in the order of the command line, with their sizes', async () => {
    const { write } = useTempFolder();
    const later = write('b.log', '12345');
    const earlier = write('a.log', '');

    expect((await findLogFiles([later, earlier])).files).toEqual([
      { name: later, bytes: 5 },
      { name: earlier, bytes: 0 },
    ]);
  });

  it('findLogFiles() takes a file that is named itself, whatever its name', async () => {
    const file = useTempFolder().write('export.2026-03-02', 'x');

    expect(await findLogFiles([file])).toEqual({ files: [{ name: file, bytes: 1 }], leftOut: [] });
  });

  it('findLogFiles() takes - for standard input, whose size nobody knows', async () => {
    expect((await findLogFiles(['-'])).files).toEqual([{ name: '-', bytes: null }]);
  });

  it('findLogFiles() searches a folder to the bottom and gives its logs in the order of their names', async () => {
    const { path, write } = useTempFolder();
    const wanted = [
      '2026/03/02/000000.gz',
      'a.log',
      'b.LOG',
      'c.jsonl',
      'd.ndjson',
      'e.txt',
      'f.log.gz',
      'g.txt.gz',
    ];
    const others = ['README.md', 'a.log.bak', 'inventory.json', 'log', 'x.zip', 'xlog'];
    for (const name of [...others, ...wanted]) write(name, 'x');
    mkdirSync(join(path, 'folder.log'));

    expect((await findLogFiles([path])).files.map(({ name }) => name)).toEqual(
      wanted.map((name) => join(path, name)),
    );
  });

  it('findLogFiles() names the files of a folder that it leaves out', async () => {
    const { path, write } = useTempFolder();
    const log = write('a.log', 'x');
    const others = [write('deep/er/payload.json', 'x'), write('export.csv', 'x')];

    expect(await findLogFiles([path])).toEqual({ files: [{ name: log, bytes: 1 }], leftOut: others });
  });

  it('findLogFiles() joins folders and files', async () => {
    const { path, write } = useTempFolder();
    const first = write('logs/a.log', 'x');
    const second = write('other.data', 'x');

    expect((await findLogFiles([join(path, 'logs'), second, '-'])).files.map(({ name }) => name)).toEqual([
      first,
      second,
      '-',
    ]);
  });

  it.each([
    ['empty', []],
    ['without logs', ['README.md', 'deep/er/notes.pdf']],
  ])('findLogFiles() names a folder that is %s, and what it looked for', async (_, names) => {
    const { path, write } = useTempFolder();
    for (const name of names) write(name, 'x');

    const error = await failureOf([path]);

    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty(
      'message',
      `${path}: no log files in this folder (looked for .log, .jsonl, .ndjson, .txt and .gz)`,
    );
  });

  it('findLogFiles() names what is missing', async () => {
    const { path, write } = useTempFolder();

    const error = await failureOf([write('a.log', 'x'), join(path, 'b.log')]);

    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty('message', `${join(path, 'b.log')}: no such file or folder`);
  });

  it('findLogFiles() names what cannot be reached and why', async () => {
    const { path, write } = useTempFolder();
    const file = write('a.log', 'x');
    symlinkSync('loop.log', join(path, 'loop.log'));

    expect(await failureOf([join(file, 'b.log')])).toMatchObject({
      name: 'UsageError',
      message: `${join(file, 'b.log')}: cannot be read (ENOTDIR)`,
    });
    expect(await failureOf([join(path, 'loop.log')])).toMatchObject({
      name: 'UsageError',
      message: `${join(path, 'loop.log')}: cannot be read (ELOOP)`,
    });
  });
});
