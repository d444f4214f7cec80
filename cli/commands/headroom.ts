import { type Command, Option } from 'commander';
import { type CommandContext, hideSdkWarning } from '#cli/commands/context.ts';
import { parsePositive } from '#cli/commands/options.ts';
import { DEFAULT_STACK, parseRegion, parseStackName, regionOf } from '#cli/commands/stack-options.ts';
import { UsageError } from '#cli/errors.ts';
import { headroomPolicy } from '#cli/headroom/iam-policy.ts';

type Options = {
  readonly watch?: true;
  readonly json?: true;
  readonly iam?: true;
  readonly stack: string;
  readonly region?: string;
  readonly quotaRps?: number;
  readonly quotaBurst?: number;
  readonly failOn?: 'warning' | 'critical';
};

async function run(options: Options, context: CommandContext): Promise<void> {
  const region = regionOf(options, context.env);
  if (options.iam === true) {
    if (options.json === true) throw new UsageError('--iam prints JSON');
    context.stdout.write(`${JSON.stringify(headroomPolicy(region, options.stack), null, 2)}\n`);
    return;
  }
  hideSdkWarning(context);
  // Here and not above: the SDK takes time to load, and no other command needs it.
  const { runHeadroom } = await import('#cli/headroom/run-headroom.ts');
  await runHeadroom(context, {
    region,
    stackName: options.stack,
    quota: { rateRps: options.quotaRps ?? null, burst: options.quotaBurst ?? null },
    isWatch: options.watch === true,
    isJson: options.json === true,
    failOn: options.failOn ?? null,
  });
}

const EXAMPLES = `
Examples:
  $ gatewatch headroom                        the last 30 minutes of this Region
  $ gatewatch headroom --watch                drawn anew each minute, until Ctrl-C
  $ gatewatch headroom --watch --json >> log  one JSON document a minute
  $ gatewatch headroom --fail-on critical     exit code 1 if it is that bad now
  $ gatewatch headroom --iam                  the permissions that it needs

It only reads. With Gatewatch deployed it sees every second; without, the minutes
that API Gateway counts. Credentials, Region and endpoint are the SDK's:
AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.
Exit codes: 0 done, whatever was found, and --watch ended by Ctrl-C; 1 with
--fail-on, if there is such a finding; 2 wrong usage, AWS cannot be reached or
denies something.`;

/** Adds `gatewatch headroom`. */
export function addHeadroomCommand(program: Command, context: CommandContext): void {
  program
    .command('headroom')
    .summary('say how close an account is to the throttle that all its APIs share')
    .description(
      'Compares the requests of the last 30 minutes with the account throttle: how much is used now, when it will be reached, which API takes most, who is refused. Reads a live account, deployed or not, and changes nothing.',
    )
    .option('--watch', 'go on: draw it anew each minute, or print a line a minute to a pipe')
    .option('--json', 'print one JSON document (docs/headroom-command.md); with --watch one a line')
    .addOption(
      new Option('--iam', 'print the permissions that this command needs; needs no credentials').conflicts([
        'watch',
        'failOn',
      ]),
    )
    .option('--stack <name>', 'the stack whose inventory names the stages', parseStackName, DEFAULT_STACK)
    .option('--region <name>', 'Region to look at (default: AWS_REGION, or that of the profile)', parseRegion)
    .option('--quota-rps <number>', 'rate of the account throttle, instead of what AWS says', parsePositive)
    .option(
      '--quota-burst <number>',
      'burst of the account throttle, instead of what AWS says',
      parsePositive,
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 if such a finding holds')
        .choices(['warning', 'critical'])
        .conflicts('watch'),
    )
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(options, context));
}
