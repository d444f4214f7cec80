import { describe, expect, it } from 'vitest';
import { renderSparkline } from '#cli/render/sparkline.ts';

describe('renderSparkline()', () => {
  it('renderSparkline() draws each value as a part of the largest', () => {
    expect(renderSparkline([1, 2, 3, 4, 5, 6, 7, 8])).toBe('▁▂▃▄▅▆▇█');
  });

  it('renderSparkline() tells nothing, next to nothing and not known apart', () => {
    expect(renderSparkline([0, 0.001, null, 100])).toBe(' ▁·█');
  });

  it('renderSparkline() draws a series of zeros, and of nothing', () => {
    expect(renderSparkline([0, 0])).toBe('  ');
    expect(renderSparkline([null])).toBe('·');
  });
});
