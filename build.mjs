// `npm run build`: bundles every function to a file that runs alone; and the command line tool to one with parts beside
// it, so that the AWS SDK is loaded by the commands that need it.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { build } from 'esbuild';
import config from './esbuild.config.cjs';

const CLI_SOURCE = 'cli/main.ts';
const CLI_BUNDLE = 'dist/cli/gatewatch.mjs';

const functions = readdirSync('functions').filter((name) => existsSync(`functions/${name}/handler.ts`));

rmSync('dist', { recursive: true, force: true });

await build({
  ...config.lambdaOptions,
  entryPoints: functions.map((name) => `functions/${name}/handler.ts`),
  outbase: '.',
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
});

if (existsSync(CLI_SOURCE)) {
  await build({
    ...config.bundleOptions,
    target: 'node20',
    banner: { js: `#!/usr/bin/env node\n${config.bundleOptions.banner.js}` },
    entryPoints: [CLI_SOURCE],
    outdir: dirname(CLI_BUNDLE),
    entryNames: basename(CLI_BUNDLE, '.mjs'),
    splitting: true,
    outExtension: { '.js': '.mjs' },
  });
  chmodSync(CLI_BUNDLE, 0o755);
}
