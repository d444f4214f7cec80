import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

const { lambdaOptions } = createRequire(import.meta.url)('../../esbuild.config.cjs') as {
  readonly lambdaOptions: BuildOptions;
};

/** One file of source: where it is, or its text as if it were in the root. */
export type BundleSource = { readonly file: string } | { readonly text: string };

/**
 * Bundles what one Lambda runs, with the options that a deployment uses. Only the root is not taken from the current
 * folder: paths are part of a bundle, and so of its size.
 */
export async function bundleFunction(source: BundleSource): Promise<Uint8Array> {
  const input: BuildOptions =
    'file' in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.text, resolveDir: ROOT, loader: 'ts' } };
  const { outputFiles } = await build({ ...lambdaOptions, ...input, absWorkingDir: ROOT, write: false });
  const [bundle] = outputFiles;
  if (bundle === undefined || outputFiles.length !== 1) throw new Error('A bundle is not one file');
  return bundle.contents;
}
