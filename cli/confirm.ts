import { createInterface } from 'node:readline/promises';
import type { CommandContext } from '#cli/commands/context.ts';
import { UsageError } from '#cli/errors.ts';

/** Makes sure that a question can be answered. @throws {UsageError} Without a terminal, unless `yes` */
export function requireAnswer({ stdin, stderr }: CommandContext, yes: boolean, option: string): void {
  if (yes || (stdin.isTTY === true && stderr.isTTY === true)) return;
  throw new UsageError(`${option} changes the account: without a terminal to ask, it needs --yes`);
}

/** Asks on the terminal; anything but yes is no. */
export async function confirm({ stdin, stderr }: CommandContext, question: string): Promise<boolean> {
  const terminal = createInterface({ input: stdin, output: stderr });
  // The end of the input, as by Ctrl-D, is an answer as well.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
