import { defineConfig } from 'vitest/config';

/** Where CI wants the results as JSON, besides those on the screen. */
const resultsFile = process.env['VITEST_RESULTS'];

/** The deployed stack on a local AWS: one account, so one file after the other. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    passWithNoTests: false,
    allowOnly: false,
    fileParallelism: false,
    bail: 1,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    reporters: resultsFile === undefined ? ['verbose'] : ['verbose', 'json'],
    ...(resultsFile !== undefined && { outputFile: { json: resultsFile } }),
  },
});
