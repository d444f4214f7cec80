import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '#cli/commands/context.ts';
import { confirm, requireAnswer } from '#cli/confirm.ts';

function createContext(isTTY: boolean): { context: CommandContext; stdin: PassThrough; asked: () => string } {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  const parts: string[] = [];
  stderr.on('data', (part: Buffer) => parts.push(part.toString('utf8')));
  const context = {
    stdin: Object.assign(stdin, { isTTY }),
    stderr: Object.assign(stderr, { isTTY }),
  } as unknown as CommandContext;
  return { context, stdin, asked: () => parts.join('') };
}

describe('confirm()', () => {
  it.each([
    ['y\n', true],
    ['Yes\n', true],
    [' y \n', true],
    ['\n', false],
    ['n\n', false],
    ['yikes\n', false],
  ])('confirm() takes the answer %j as %s', async (answer, expected) => {
    const { context, stdin, asked } = createContext(true);
    const confirmed = confirm(context, 'Change 3 filters?');
    stdin.write(answer);

    expect(await confirmed).toBe(expected);
    expect(asked()).toContain('Change 3 filters? [y/N]');
  });

  it('confirm() takes the end of the input as no', async () => {
    const { context, stdin } = createContext(true);
    const confirmed = confirm(context, 'Change 3 filters?');
    stdin.end();

    expect(await confirmed).toBe(false);
  });
});

describe('requireAnswer()', () => {
  it('requireAnswer() wants --yes where nobody can be asked', () => {
    const { context } = createContext(false);

    expect(() => requireAnswer(context, false, '--apply')).toThrow('--apply changes the account');
    expect(() => requireAnswer(context, true, '--apply')).not.toThrow();
  });

  it('requireAnswer() is content with a terminal', () => {
    expect(() => requireAnswer(createContext(true).context, false, '--apply')).not.toThrow();
  });
});
