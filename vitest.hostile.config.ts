import { defineConfig } from 'vitest/config';

/** Where CI wants the results as JSON, besides those on the screen. */
const resultsFile = process.env['VITEST_RESULTS'];

/** The same test that `npm test` runs with few lines. */
export default defineConfig({
  test: {
    include: ['test/hostile/**/*.test.ts'],
    passWithNoTests: false,
    allowOnly: false,
    env: { HOSTILE_LINES: '1000000' },
    reporters: resultsFile === undefined ? ['verbose'] : ['verbose', 'json'],
    ...(resultsFile !== undefined && { outputFile: { json: resultsFile } }),
  },
});
