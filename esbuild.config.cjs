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

/**
 * Ways to credentials that no Lambda goes: it has them in its environment, where the SDK looks first, and it would load
 * these only after that. They are a fifth of a bundle.
 */
const OTHER_CREDENTIALS = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

const lambdaOptions = { ...bundleOptions, target: 'node24', external: OTHER_CREDENTIALS };

/** For serverless-esbuild, which calls this. Nothing else is left out of a bundle: the SDK's version is ours, not Lambda's. */
module.exports = () => ({ ...lambdaOptions, outputFileExtension: '.mjs', exclude: OTHER_CREDENTIALS });
module.exports.bundleOptions = bundleOptions;
module.exports.lambdaOptions = lambdaOptions;
