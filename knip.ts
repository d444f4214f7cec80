import type { KnipConfig } from 'knip';

/** Each exception says why it is one. */
const config: KnipConfig = {
  entry: ['functions/*/handler.ts', 'cli/main.ts', 'bench/*.bench.ts', 'test/**/*.test.ts'],
  project: ['{functions,shared,cli,test,bench}/**/*.ts', '*.{mjs,cjs,ts}'],
  // Run by name from package.json or by a plugin of its own.
  ignoreDependencies: [
    'node', // the Node version of the Lambdas, for npm scripts
    'serverless-esbuild', // named in serverless.yml
  ],
};

export default config;
