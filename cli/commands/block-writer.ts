import type { CommandContext } from '#cli/commands/context.ts';

/** A write per line would be slow. */
const BLOCK_LENGTH = 65_536;

/** Writes many short texts. */
export type BlockWriter = {
  /** Waits for the reader once in a while: a slow one must not fill the memory, and one that is gone must end the work. */
  readonly add: (text: string) => Promise<void> | null;
  /** Writes what is left. */
  readonly end: () => Promise<void>;
};

/** Makes a writer to standard output. */
export function createBlockWriter({ stdout }: CommandContext): BlockWriter {
  let block = '';
  const end = (): Promise<void> => {
    const text = block;
    block = '';
    if (text === '') return Promise.resolve();
    return new Promise((resolve) => {
      stdout.write(text, () => resolve());
    });
  };
  return {
    end,
    add: (text) => {
      block += text;
      return block.length < BLOCK_LENGTH ? null : end();
    },
  };
}
