import { describe, expect, it } from 'vitest';
import { judge } from '#test/gates/project.ts';

const HEAD = `import { expect, it } from 'vitest';\n\n`;

describe.concurrent('Vitest', () => {
  it('Vitest passes the good project', async () => {
    const { code, output } = await judge('vitest');

    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/Tests +1 passed \(1\)/) });
  });

  it('Vitest fails where there are no test files', async () => {
    const { code, output } = await judge('vitest', { 'test/unit/rate.test.ts': null });

    expect(code).toBe(1);
    expect(output).toContain('No test files found, exiting with code 1');
  });

  it('Vitest fails on a test that fails', async () => {
    const { code, output } = await judge('vitest', {
      'test/unit/bad.test.ts': `${HEAD}it('adds', () => {\n  expect(1 + 1).toBe(3);\n});\n`,
    });

    expect(code).toBe(1);
    expect(output).toMatch(/AssertionError: expected 2 to be 3/);
    expect(output).toMatch(/Tests +1 failed \| 1 passed \(2\)/);
  });

  it('Vitest fails on it.only, which would keep the others from running', async () => {
    const { code, output } = await judge('vitest', {
      'test/unit/bad.test.ts': `${HEAD}it.only('adds', () => {\n  expect(1 + 1).toBe(2);\n});\n`,
    });

    expect(code).toBe(1);
    expect(output).toMatch(/Unexpected \.only modifier/);
  });

  it('Vitest fails on a file without tests', async () => {
    const { code, output } = await judge('vitest', { 'test/unit/bad.test.ts': 'export const none = 1;\n' });

    expect(code).toBe(1);
    expect(output).toMatch(/No test suite found in file .*bad\.test\.ts/);
  });

  it('Vitest fails on a promise that nobody waited for and that is rejected', async () => {
    const { code, output } = await judge('vitest', {
      'test/unit/bad.test.ts': `${HEAD}it('adds', () => {\n  void Promise.reject(new Error('lost'));\n  expect(1 + 1).toBe(2);\n});\n`,
    });

    expect(code).toBe(1);
    expect(output).toMatch(/Unhandled Rejection/);
    expect(output).toContain('Error: lost');
  });
});
