import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Command, Option } from 'commander';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { createBlockWriter } from '#cli/commands/block-writer.ts';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { parseIsoTime, parsePositive, parseSeed } from '#cli/commands/options.ts';
import { parseRegion } from '#cli/commands/stack-options.ts';
import { UsageError } from '#cli/errors.ts';
import type { Scenario } from '#shared/domain/simulation/scenario.ts';
import { SCENARIOS, type ScenarioName } from '#shared/domain/simulation/scenarios/scenarios.ts';
import type { Random } from '#shared/domain/simulation/simulate-requests.ts';
import { writeAccessLog } from '#shared/domain/simulation/write-access-log.ts';
import { hasExecutionLog, writeExecutionLog } from '#shared/domain/simulation/write-execution-log.ts';

type Options = {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly quotaRps?: number;
  readonly quotaBurst?: number;
  readonly region: string;
  readonly day: number;
  readonly out?: string;
};

/** AWS gives half of the rate as burst. */
const BURST_RATIO = 0.5;

function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Gives each write a good deal of text: a write per line would be slow. */
function* blocks(texts: Iterable<string>, minLength: number): Generator<string> {
  let block = '';
  for (const text of texts) {
    block += text;
    if (block.length < minLength) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

const ACCESS_LOG = 'access.jsonl.gz';
const EXECUTION_LOG = 'execution.log.gz';

function writeLog(file: string, lines: Iterable<string>): Promise<void> {
  return pipeline(Readable.from(blocks(lines, 65_536)), createGzip({ level: 9 }), createWriteStream(file));
}

async function writeFolder(folder: string, scenario: Scenario, options: Options): Promise<void> {
  const { accountId, region, quota, stages } = scenario;
  const description = {
    synthetic: true,
    scenario: options.scenario,
    truth: SCENARIOS[options.scenario].truth,
    seed: options.seed,
    accountId,
    region,
    quotaRps: quota.rateRps,
    quotaBurst: quota.burst,
  };
  const inventory = stages.map(({ item }) => item);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'sample.json'), `${JSON.stringify(description, null, 2)}\n`);
  await writeFile(join(folder, 'inventory.json'), `${JSON.stringify(inventory, null, 2)}\n`);
  await writeLog(join(folder, ACCESS_LOG), writeAccessLog(scenario, createRandom(options.seed)));
  if (!hasExecutionLog(scenario)) return;
  await writeLog(join(folder, EXECUTION_LOG), writeExecutionLog(scenario, createRandom(options.seed)));
}

function createScenario({ scenario, quotaRps, quotaBurst, region, day }: Options): Scenario {
  const definition = SCENARIOS[scenario];
  const rateRps = quotaRps ?? definition.quotaRps;
  const quota = { rateRps, burst: quotaBurst ?? rateRps * BURST_RATIO };
  return definition.create({ quota, region, dayMs: day });
}

/** What is true of the log, and how to see what Gatewatch makes of it. */
function noteTruth(
  folder: string,
  { quota }: Scenario,
  { scenario }: Options,
  context: CommandContext,
): void {
  note(context, 'What is true of it:');
  for (const sentence of SCENARIOS[scenario].truth) note(context, `- ${sentence}`);
  const throttle = `--quota-rps ${quota.rateRps} --quota-burst ${quota.burst}`;
  note(context, 'What Gatewatch makes of it:');
  note(context, `  gatewatch replay ${folder} --inventory ${join(folder, 'inventory.json')} ${throttle}`);
}

async function run(options: Options, context: CommandContext): Promise<void> {
  const scenario = createScenario(options);
  note(
    context,
    `Synthetic: made by a random generator with seed ${options.seed}, not logged by API Gateway.`,
  );
  if (options.out === undefined) {
    const writer = createBlockWriter(context);
    for (const line of writeAccessLog(scenario, createRandom(options.seed))) await writer.add(line);
    return writer.end();
  }
  await writeFolder(options.out, scenario, options).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${options.out}: cannot be written (${cause.code ?? cause.message})`, { cause });
  });
  const logs = hasExecutionLog(scenario) ? `${ACCESS_LOG}, ${EXECUTION_LOG}` : ACCESS_LOG;
  note(context, `Wrote ${logs}, inventory.json and sample.json to ${options.out}.`);
  noteTruth(options.out, scenario, options, context);
}

/** The scenarios, one a line. */
function listScenarios(): string {
  const names = Object.keys(SCENARIOS) as ScenarioName[];
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => `  ${name.padEnd(width)}  ${SCENARIOS[name].summary}`).join('\n');
}

/** `20 for day, 200 for spike`. */
function listQuotas(): string {
  return Object.entries(SCENARIOS)
    .map(([name, { quotaRps }]) => `${quotaRps} for ${name}`)
    .join(', ');
}

const MORE_HELP = `
Scenarios (docs/scenarios.md says what is true of each):
${listScenarios()}

Examples:
  $ gatewatch simulate | gatewatch replay - --quota-rps 20 --quota-burst 10
  $ gatewatch simulate --scenario spike --out spike
  $ gatewatch replay spike --inventory spike/inventory.json --quota-rps 200 --quota-burst 100

Exit codes: 0 done; 2 wrong usage, or the folder cannot be written.`;

/** Adds `gatewatch simulate`. */
export function addSimulateCommand(program: Command, context: CommandContext): void {
  program
    .command('simulate')
    .summary('write synthetic access logs of a scenario whose truth is known')
    .description(
      'Writes the access log of five APIs in one account, to which something happens. The token buckets of its throttles are run request by request. The same seed always gives the same log. All rates follow the quota.',
    )
    .addOption(
      new Option('--scenario <name>', 'what happens')
        .choices(Object.keys(SCENARIOS))
        .default('day' satisfies ScenarioName),
    )
    .option('--seed <number>', 'seed of the random generator', parseSeed, 1)
    .option('--quota-rps <number>', `rate of the account throttle (default: ${listQuotas()})`, parsePositive)
    .option(
      '--quota-burst <number>',
      'burst of the account throttle (default: half of the rate)',
      parsePositive,
    )
    .option('--region <name>', 'Region to name in the description', parseRegion, 'us-east-1')
    .addOption(
      new Option('--day <date>', 'the day to simulate, from midnight UTC')
        .argParser(parseIsoTime)
        .default(Date.UTC(2026, 5, 15), '2026-06-15'),
    )
    .option(
      '--out <folder>',
      'write the logs, inventory.json and sample.json there; without it, the access log goes to standard output',
    )
    .addHelpText('after', MORE_HELP)
    .action((options: Options) => run(options, context));
}
