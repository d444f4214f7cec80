import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress } from '#cli/progress.ts';

type Screen = { readonly stream: NodeJS.WriteStream; readonly text: () => string };

/** A stream that keeps what is written to it; a terminal if it is told to be one. */
function createScreen(isTTY: boolean | undefined): Screen {
  const stream = new PassThrough();
  const parts: string[] = [];
  stream.on('data', (part: Buffer) => parts.push(part.toString('utf8')));
  const terminal = {
    isTTY,
    columns: 80,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  };
  return {
    stream: Object.assign(stream, terminal) as unknown as NodeJS.WriteStream,
    text: () => parts.join(''),
  };
}

function run({ stream }: Screen, isWanted: boolean): void {
  const progress = createProgress(stream, isWanted);
  progress.start('reading   ', 1_000);
  progress.add(400);
  progress.start('evaluating', 60);
  progress.add(1);
  progress.stop();
  progress.stop();
  progress.add(1);
}

describe('createProgress()', () => {
  it.each([
    ['a stream that is no terminal', false, true],
    ['a pipe, which has no isTTY at all', undefined, true],
    ['a terminal for input that is soon read', true, false],
  ])('createProgress() writes nothing to %s', (_, isTTY, isWanted) => {
    const screen = createScreen(isTTY);

    run(screen, isWanted);

    expect(screen.text()).toBe('');
  });

  it('createProgress() writes a bar for each part of the work to a terminal, and gives the cursor back', () => {
    const screen = createScreen(true);

    run(screen, true);

    expect(screen.text()).toContain('reading    ');
    expect(screen.text()).toContain('evaluating ');
    expect(screen.text()).toMatch(/0 % · .* left/);
    expect(screen.text().lastIndexOf('\u001b[?25h')).toBeGreaterThan(
      screen.text().lastIndexOf('\u001b[?25l'),
    );
  });

  it('createProgress() takes a total of 0, as of an empty file', () => {
    const screen = createScreen(true);
    const progress = createProgress(screen.stream, true);

    progress.start('reading   ', 0);
    progress.stop();

    expect(screen.text()).toContain('reading');
    expect(screen.text()).not.toContain('NaN');
  });

  it('createProgress() listens for Ctrl-C only while it shows a bar', () => {
    const before = process.listenerCount('SIGINT');
    const progress = createProgress(createScreen(true).stream, true);

    progress.start('reading   ', 10);
    progress.start('evaluating', 10);
    const during = process.listenerCount('SIGINT');
    progress.stop();

    expect([during - before, process.listenerCount('SIGINT') - before]).toEqual([1, 0]);
  });
});
