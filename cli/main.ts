import { Command, CommanderError } from 'commander';
import picocolors from 'picocolors';
import { addCausesCommand } from '#cli/commands/causes.ts';
import type { CommandContext } from '#cli/commands/context.ts';
import { addDrillCommand } from '#cli/commands/drill.ts';
import { addHeadroomCommand } from '#cli/commands/headroom.ts';
import { addMuteCommand } from '#cli/commands/mute.ts';
import { addMutesCommand } from '#cli/commands/mutes.ts';
import { addParseCommand } from '#cli/commands/parse.ts';
import { addPreviewCommand } from '#cli/commands/preview.ts';
import { addRedriveCommand } from '#cli/commands/redrive.ts';
import { addReplayCommand } from '#cli/commands/replay.ts';
import { addSetupCommand } from '#cli/commands/setup.ts';
import { addSimulateCommand } from '#cli/commands/simulate.ts';
import { UsageError } from '#cli/errors.ts';
import { clean } from '#cli/render/terminal.ts';
import manifest from '../package.json' with { type: 'json' };

/** Width where the output is no terminal. */
const DEFAULT_COLUMNS = 120;

/** Height of a terminal that does not know it. */
const DEFAULT_ROWS = 24;

const EXIT_USAGE = 2;

/** Neither the input's nor the user's fault; not 1, which says what was found. */
const EXIT_INTERNAL = 3;

/** The terminal's width, else what `COLUMNS` asks for. A terminal that does not know its width says 0. */
function widthOf({ columns }: NodeJS.WriteStream, { COLUMNS = '' }: NodeJS.ProcessEnv): number {
  if (columns > 0) return columns;
  return /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : DEFAULT_COLUMNS;
}

const context: CommandContext = {
  // Not before it is needed: opening it has effects of its own.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  isTerminal: process.stdout.isTTY === true,
  get columns() {
    return widthOf(process.stdout, process.env);
  },
  get rows() {
    return process.stdout.rows > 0 ? process.stdout.rows : DEFAULT_ROWS;
  },
  hasColors:
    picocolors.isColorSupported &&
    process.env['FORCE_COLOR'] !== '0' &&
    (process.stdout.isTTY === true || process.env['FORCE_COLOR'] !== undefined),
  setExitCode: (code) => {
    process.exitCode = code;
  },
};

const EXAMPLES = `
Examples:
  $ gatewatch replay                         a day with three incidents
  $ gatewatch replay access.log logs/        your own logs
  $ gatewatch parse access.log               the requests themselves
  $ gatewatch causes integration.timeout     what it means, and what to do next
  $ gatewatch headroom                       how close an account is to its throttle
  $ gatewatch setup --region eu-west-1       what an account logs, and should

gatewatch <command> --help has more. From a checkout: npm run -s gatewatch -- <command>`;

function createProgram(): Command {
  const program = new Command('gatewatch')
    .description(
      'Says which API Gateway API is failing, who caused it, and how close the account is to its throttle.',
    )
    .version(manifest.version, '--version', 'print the version')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(add --help for usage and examples)')
    .exitOverride();
  addReplayCommand(program, context);
  addParseCommand(program, context);
  addCausesCommand(program, context);
  addHeadroomCommand(program, context);
  addSetupCommand(program, context);
  addDrillCommand(program, context);
  addMuteCommand(program, context);
  addMutesCommand(program, context);
  addPreviewCommand(program, context);
  addRedriveCommand(program, context);
  addSimulateCommand(program, context);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError('(add --help for usage and examples)');
  return program;
}

/** A reader that has seen enough, such as `head`, closes the pipe; that is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: standard output cannot be written (${error.code ?? error.message})\n`);
  process.exit(EXIT_USAGE);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  else if (error instanceof UsageError) {
    process.stderr.write(`error: ${clean(error.message)}\n`);
    process.exitCode = EXIT_USAGE;
  } else {
    process.stderr.write(
      `internal error, please report it: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = EXIT_INTERNAL;
  }
}
