// `npm run build`: bundles every function, and the command line tool if there is one, each to a file that runs alone.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
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
    outfile: CLI_BUNDLE,
  });
  chmodSync(CLI_BUNDLE, 0o755);
}
