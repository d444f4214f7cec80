import type { KnipConfig } from 'knip';

/** Each exception says why it is one. */
const config: KnipConfig = {
  entry: [
    'functions/*/handler.ts',
    'bench/*.bench.ts',
    // Run by path, in a process of its own.
    'bench/cold/load.mjs',
    'test/infra/invoke-handler.mjs',
  ],
  project: ['{functions,shared,cli,test,bench,docs}/**/*.{ts,mjs}', '*.{mjs,cjs,ts}'],
  // The type of a field is exported with the type that has it, so that a reader can name it.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
