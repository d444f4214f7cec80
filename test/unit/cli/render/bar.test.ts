import { describe, expect, it } from 'vitest';
import { renderBar } from '#cli/render/bar.ts';

describe('renderBar()', () => {
  it.each([
    [0, '░░░░░░░░░░'],
    [0.001, '█░░░░░░░░░'],
    [0.48, '█████░░░░░'],
    [0.999, '█████████░'],
    [1, '██████████'],
    [1.12, '██████████'],
  ])('renderBar() draws %s', (ratio, bar) => {
    expect(renderBar(ratio, 10)).toBe(bar);
  });
});
