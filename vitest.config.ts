import { defineConfig } from 'vitest/config';

/** Where CI wants the results as JSON, besides those on the screen. */
const resultsFile = process.env['VITEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    passWithNoTests: false,
    allowOnly: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: resultsFile === undefined ? ['default'] : ['default', 'json'],
    ...(resultsFile !== undefined && { outputFile: { json: resultsFile } }),
  },
});
