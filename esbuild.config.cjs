/**
 * How TypeScript becomes one file that runs alone. `require` is for packages that are still CommonJS, such as Slack's:
 * without it they fail at load. With `mainFields` the AWS clients come as modules, of which only what is used is
 * bundled: a third less to load.
 */
const bundleOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  // Names stay, so that a stack trace in the logs can be read. A source map would do more, but takes 15 % to 20 % of
  // the time to load.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
};

const lambdaOptions = { ...bundleOptions, target: 'node24' };

/** For serverless-esbuild, which calls this. Nothing is left out of a bundle: the SDK's version is ours, not Lambda's. */
module.exports = () => ({ ...lambdaOptions, outputFileExtension: '.mjs', exclude: [] });
module.exports.bundleOptions = bundleOptions;
module.exports.lambdaOptions = lambdaOptions;
