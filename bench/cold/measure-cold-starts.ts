import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeEmptyHandler } from '#bench/cold/empty-handler.ts';
import { type Load, measureLoads } from '#bench/cold/measure-loads.ts';
import { quantile } from '#bench/quantile.ts';
import { bundleFunction } from '#test/infra/bundle-function.ts';
import { packageStack } from '#test/infra/package-stack.ts';
import { REGION, resolveTemplate, resourcesOf } from '#test/infra/template.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ROUNDS = 40;
const CLIENTS = ['@aws-sdk/'];
const CLIENTS_AND_LOGGER = [...CLIENTS, '@aws-lambda-powertools/'];

/** A ratio's median and its quartiles. */
export type Spread = { readonly median: number; readonly low: number; readonly high: number };

/** What it takes to load a function, against an empty handler with the same clients; medians. */
export type ColdStart = {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly loadMs: number;
  readonly emptyLoadMs: number;
  readonly ratio: Spread;
  /** Against an empty handler that has the logger too. */
  readonly ratioWithLogger: Spread;
  readonly peakMib: number;
  readonly emptyPeakMib: number;
  readonly rounds: number;
};

type DeployedFunction = { readonly name: string; readonly variables: Readonly<Record<string, string>> };

/** The functions of the template, with the variables that a deployment gives them. */
async function readFunctions(): Promise<DeployedFunction[]> {
  const stack = await packageStack({ alarmEmail: 'alerts@example.com' });
  stack.remove();
  return resourcesOf(resolveTemplate(stack.template), 'AWS::Lambda::Function')
    .map(([, { Handler, Environment }]) => ({
      name: Handler.split('/')[1],
      variables: Environment.Variables,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The ratio of loads of the same round, so that a slow moment of the machine counts on both sides. */
function compareLoads(loads: readonly Load[], others: readonly Load[]): Spread {
  const ratios = loads.map(({ loadMs }, round) => loadMs / (others[round]?.loadMs ?? Number.NaN));
  return { median: quantile(ratios, 0.5), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
}

function medianOf(loads: readonly Load[], field: keyof Load): number {
  return quantile(
    loads.map((load) => load[field]),
    0.5,
  );
}

async function measureColdStart(directory: string, deployed: DeployedFunction): Promise<ColdStart> {
  const { name, variables } = deployed;
  const file = `functions/${name}/handler.ts`;
  const handler = readFileSync(join(ROOT, file), 'utf8');
  const bundle = await bundleFunction({ file });
  const bundles = [
    bundle,
    await bundleFunction({ text: writeEmptyHandler(handler, CLIENTS) }),
    await bundleFunction({ text: writeEmptyHandler(handler, CLIENTS_AND_LOGGER) }),
  ];
  const files = bundles.map((_, place) => join(directory, `${name}-${place}.mjs`));
  for (const [place, path] of files.entries()) writeFileSync(path, bundles[place] ?? '');
  const env = { AWS_REGION: REGION, AWS_LAMBDA_FUNCTION_NAME: name, ...variables };
  const [own = [], empty = [], withLogger = []] = await measureLoads(files, env, ROUNDS);
  return {
    name,
    bytes: bundle.byteLength,
    gzipBytes: gzipSync(bundle).byteLength,
    loadMs: medianOf(own, 'loadMs'),
    emptyLoadMs: medianOf(empty, 'loadMs'),
    ratio: compareLoads(own, empty),
    ratioWithLogger: compareLoads(own, withLogger),
    peakMib: medianOf(own, 'peakKib') / 1_024,
    emptyPeakMib: medianOf(empty, 'peakKib') / 1_024,
    rounds: ROUNDS,
  };
}

/**
 * Measures each function of the template. What Lambda itself takes, to get the file and to start Node, is not in it.
 *
 * @param report - Takes a line for each function that is done
 */
export async function measureColdStarts(report: (line: string) => void): Promise<ColdStart[]> {
  const directory = mkdtempSync(join(tmpdir(), 'gatewatch-cold-'));
  const coldStarts: ColdStart[] = [];
  try {
    for (const deployed of await readFunctions()) {
      const coldStart = await measureColdStart(directory, deployed);
      report(
        `cold: ${deployed.name}: ${coldStart.ratio.median.toFixed(2)} x the empty handler (target 1.3; ${ROUNDS} rounds)`,
      );
      coldStarts.push(coldStart);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return coldStarts;
}
