import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createStepProgress } from '#cli/setup/step-progress.ts';

function show(isTTY: boolean): string {
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
  const progress = createStepProgress(Object.assign(stream, terminal) as unknown as NodeJS.WriteStream);
  progress.reportStep('listing APIs', 0, 1);
  progress.reportStep('reading stages', 0, 4);
  progress.reportStep('reading stages', 1, 4);
  progress.reportStep('reading stages', 3, 4);
  progress.stop();
  progress.stop();
  return parts.join('');
}

describe('createStepProgress()', () => {
  it('createStepProgress() names each step on a terminal', () => {
    const text = show(true);

    expect(text).toContain('listing APIs');
    expect(text).toContain('reading stages');
    expect(text).toContain('3 of 4');
    expect(text).not.toMatch(/left|NaN|NULL|INF/);
  });

  it('createStepProgress() is silent where there is no terminal', () => {
    expect(show(false)).toBe('');
  });
});
