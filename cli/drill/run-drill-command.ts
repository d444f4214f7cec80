import { randomUUID } from 'node:crypto';
import picocolors from 'picocolors';
import { type AwsPorts, connectAws } from '#cli/aws-clients.ts';
import { explainAwsError } from '#cli/aws-errors.ts';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { type DrillStack, readDrillStack } from '#cli/drill/drill-stack.ts';
import { drillJson, isPassed } from '#cli/drill/report.ts';
import { UsageError } from '#cli/errors.ts';
import { renderDrill, renderHop } from '#cli/render/drill-text.ts';
import { userName } from '#cli/user-name.ts';
import { closeDrill, createRunDrill } from '#shared/application/run-drill.ts';
import type { Hop } from '#shared/application/watch-drill.ts';
import type { Drill } from '#shared/domain/findings/describe-drill.ts';

/** What was asked for. */
export type DrillRequest = {
  readonly severity: Drill['severity'];
  readonly timeoutMs: number;
  /** A drill that was left open, to be closed instead; `null` to make one. */
  readonly closeId: string | null;
  readonly stackName: string;
  /** `undefined` for the one of the profile. */
  readonly region: string | undefined;
  /** The options that named the stack, as they were given. */
  readonly given: readonly string[];
  readonly isJson: boolean;
};

const PERMISSIONS = 'gatewatch drill --iam prints the permissions that are needed';
const EXIT_FAILED = 1;
const ID_LENGTH = 8;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal lets the drill close its incident; a second one ends the process as ever. */
function createInterrupt(context: CommandContext) {
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
    stop();
    note(context, 'Closing the incident of the drill…');
  };
  const stop = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, interrupt);
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  return { isInterrupted: () => isInterrupted, stop };
}

/** Tells hops as they come, and whether the drill may be left open if it fails now. */
function createHopTeller(context: CommandContext, isJson: boolean) {
  let mayBeOpen = false;
  return {
    mayBeOpen: () => mayBeOpen,
    tellHop: (hop: Hop): void => {
      if (hop.hop === 'bus') mayBeOpen = hop.step === 'opening';
      if (!isJson && context.stderr.isTTY === true) note(context, renderHop(hop));
    },
  };
}

async function makeDrill(
  context: CommandContext,
  request: DrillRequest,
  stack: DrillStack,
  aws: AwsPorts,
): Promise<void> {
  const { severity, timeoutMs, isJson, given } = request;
  const interrupt = createInterrupt(context);
  const teller = createHopTeller(context, isJson);
  const id = randomUUID().slice(0, ID_LENGTH);
  const runDrill = createRunDrill({
    publishEvents: aws.publishEvents(stack.busName),
    incidents: aws.incidents(stack.incidentsTable),
    receivers: stack.receivers,
    timeoutMs,
    now: aws.now,
    wait: aws.wait,
    isInterrupted: interrupt.isInterrupted,
    tellHop: teller.tellHop,
  });
  try {
    const startedAtMs = aws.now().getTime();
    const report = await runDrill({
      id,
      account: stack.account,
      severity,
      startedBy: userName(),
      startedAtMs,
    });
    const style = { colors: picocolors.createColors(context.hasColors), columns: context.columns };
    context.stdout.write(
      isJson ? `${JSON.stringify(drillJson(stack, report), null, 2)}\n` : renderDrill(stack, report, style),
    );
    if (!isPassed(report)) context.setExitCode(EXIT_FAILED);
  } finally {
    interrupt.stop();
    if (teller.mayBeOpen())
      note(context, `The drill may still be open: ${['gatewatch drill --close', id, ...given].join(' ')}`);
  }
}

async function close(
  context: CommandContext,
  id: string,
  { name, account, ...stack }: DrillStack,
  aws: AwsPorts,
): Promise<void> {
  const isClosed = await closeDrill(['drill', account.accountId, account.region, id].join('|'), {
    publishEvents: aws.publishEvents(stack.busName),
    incidents: aws.incidents(stack.incidentsTable),
    now: aws.now,
  });
  if (!isClosed) throw new UsageError(`No drill ${id} of stack ${name} in ${account.region} is open`);
  note(context, `Drill ${id} is closed with the next messages.`);
}

/**
 * Runs `gatewatch drill` against AWS.
 *
 * @throws {UsageError} In words that say what to do, if AWS cannot be asked
 */
export async function runDrillCommand(context: CommandContext, request: DrillRequest): Promise<void> {
  try {
    const aws = await connectAws(request.region);
    const stack = await readDrillStack(aws.readStack, request.stackName, aws.region);
    if (request.closeId !== null) await close(context, request.closeId, stack, aws);
    else await makeDrill(context, request, stack, aws);
  } catch (error) {
    throw explainAwsError(error, PERMISSIONS);
  }
}
