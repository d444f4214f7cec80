import { stripVTControlCharacters } from 'node:util';

/** How large the terminal is now, in characters. */
export type ScreenSize = { readonly columns: number; readonly rows: number };

/** A part of a terminal that is drawn again and again in the same place. */
export type LiveScreen = {
  readonly draw: (text: string) => void;
  /** Lets the next picture begin below what was written by others meanwhile. */
  readonly leave: () => void;
};

/** Lines as the terminal has them: it breaks those that are wider. */
function heightOf(lines: readonly string[], columns: number): number {
  return lines.reduce(
    (height, line) => height + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)),
    0,
  );
}

/**
 * Draws on a terminal. A picture that is higher than the terminal is cut: what has scrolled away cannot be drawn again.
 *
 * @param sizeOf - Asked for each picture, since a window changes
 */
export function createLiveScreen(write: (text: string) => void, sizeOf: () => ScreenSize): LiveScreen {
  let drawn: readonly string[] = [];
  return {
    draw: (text) => {
      const { columns, rows } = sizeOf();
      const above = Math.min(heightOf(drawn, columns), rows - 1);
      const lines = text.trimEnd().split('\n');
      while (lines.length > 1 && heightOf(lines, columns) > rows - 1) lines.pop();
      // Up, to the first column, and everything below is erased.
      const back = above === 0 ? '' : `\u001b[${above}A\r\u001b[J`;
      write(`${back}${lines.join('\n')}\n`);
      drawn = lines;
    },
    leave: () => {
      drawn = [];
    },
  };
}
