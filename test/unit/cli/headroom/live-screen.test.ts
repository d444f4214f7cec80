import { describe, expect, it } from 'vitest';
import { createLiveScreen } from '#cli/headroom/live-screen.ts';

const ESCAPE = '\u001b';

/** Text as a terminal of that width breaks it. */
function breakLines(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']);
}

/** A terminal, as far as it is used: what it shows after all that was written. */
function createTerminal(columns: number, rows: number) {
  const written: string[] = [];
  let lines = [''];
  const append = (text: string): void => {
    const [first = '', ...others] = breakLines(text, columns);
    lines = [...lines.slice(0, -1), `${lines.at(-1)}${first}`, ...others];
  };
  return {
    size: { columns, rows },
    written,
    write: (text: string): void => {
      written.push(text);
      const [up = '', picture] = text.split(`A\r${ESCAPE}[J`);
      if (picture !== undefined) lines = [...lines.slice(0, lines.length - 1 - Number(up.slice(2))), ''];
      append(picture ?? text);
    },
    screen: () => lines.slice(0, -1),
  };
}

describe('createLiveScreen()', () => {
  it('draw() puts each picture in the place of the one before, also of one that was longer', () => {
    const terminal = createTerminal(20, 10);
    const screen = createLiveScreen(terminal.write, () => terminal.size);

    screen.draw('one\ntwo\nthree\n');
    screen.draw('four\n');
    screen.draw('five\nsix\n');

    expect(terminal.screen()).toEqual(['five', 'six']);
  });

  it('draw() knows that the terminal breaks lines that are wider, and that colours have no width', () => {
    const terminal = createTerminal(10, 10);
    const screen = createLiveScreen(terminal.write, () => terminal.size);

    screen.draw(`${'x'.repeat(25)}\n${'y'.repeat(10)}\n`);
    screen.draw('done\n');
    expect(terminal.screen()).toEqual(['done']);

    screen.draw(`${ESCAPE}[31m0123456789${ESCAPE}[39m\n`);
    screen.draw('end\n');
    expect(terminal.written.at(-1)).toBe(`${ESCAPE}[1A\r${ESCAPE}[Jend\n`);
  });

  it('draw() leaves out what does not fit, which could not be taken back', () => {
    const terminal = createTerminal(20, 4);
    const screen = createLiveScreen(terminal.write, () => terminal.size);

    screen.draw('1\n2\n3\n4\n5\n');
    screen.draw('1\n2\n');

    expect(terminal.written[0]).toBe('1\n2\n3\n');
    expect(terminal.screen()).toEqual(['1', '2']);
  });

  it('leave() lets what others wrote stand', () => {
    const terminal = createTerminal(20, 10);
    const screen = createLiveScreen(terminal.write, () => terminal.size);

    screen.draw('one\n');
    terminal.write('an error\n');
    screen.leave();
    screen.draw('two\n');

    expect(terminal.screen()).toEqual(['one', 'an error', 'two']);
  });
});
