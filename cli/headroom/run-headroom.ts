import { setTimeout as wait } from 'node:timers/promises';
import picocolors from 'picocolors';
import { type AwsPorts, connectAws } from '#cli/aws-clients.ts';
import { explainAwsError, isPassing } from '#cli/aws-errors.ts';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { createLiveScreen } from '#cli/headroom/live-screen.ts';
import { createReadStages, PERMISSIONS, readStackIfAllowed, type Tell } from '#cli/headroom/read-stages.ts';
import { headroomJson } from '#cli/headroom/report.ts';
import { watchHeadroom } from '#cli/headroom/watch.ts';
import { renderHeadroomLine } from '#cli/render/headroom-line.ts';
import { clockTime, renderHeadroom } from '#cli/render/headroom-text.ts';
import { accountOf } from '#cli/setup/stack.ts';
import { createStepProgress, type StepProgress } from '#cli/setup/step-progress.ts';
import { createMemoryQuotas } from '#shared/adapters/memory-quotas.ts';
import { createReadQuota, type QuotaProblem } from '#shared/application/read-quota.ts';
import { createSurveyHeadroom } from '#shared/application/survey-headroom.ts';
import { isAtLeast } from '#shared/domain/detection/finding.ts';
import type { QuotaNumbers } from '#shared/domain/headroom/quota/quota-in-force.ts';
import type { HeadroomSurvey } from '#shared/domain/headroom/survey/headroom-survey.ts';

/** What was asked for. */
export type HeadroomRequest = {
  /** `undefined` for the one of the profile. */
  readonly region: string | undefined;
  readonly stackName: string;
  /** What the user says of the quota; `null` for what AWS is asked. */
  readonly quota: QuotaNumbers;
  readonly isWatch: boolean;
  readonly isJson: boolean;
  readonly failOn: 'warning' | 'critical' | null;
};

/** Shows one survey, with what could not be read for it. */
type Show = (survey: HeadroomSurvey) => void;

type Session = {
  readonly survey: () => Promise<HeadroomSurvey>;
  /** A document for a program. */
  readonly toJson: (survey: HeadroomSurvey) => object;
};

/** Notes go to standard error, each once. */
function createNotes(context: CommandContext, progress: StepProgress) {
  const told = new Set<string>();
  return {
    list: () => [...told],
    tell: (words: string): void => {
      if (told.has(words)) return;
      told.add(words);
      progress.stop();
      note(context, words);
    },
  };
}

const QUOTA_SERVICES = { getAccount: 'GetAccount', serviceQuotas: 'Service Quotas' } as const;

/** One of the two is enough to know the quota, and without both it is the Region's default. */
function tellProblems(problems: readonly QuotaProblem[], tell: Tell): void {
  for (const { source, reason } of problems)
    tell(`${QUOTA_SERVICES[source]} does not tell the quota (${reason}); ${PERMISSIONS}`);
}

async function openSession(
  context: CommandContext,
  request: HeadroomRequest,
  aws: AwsPorts,
  progress: StepProgress,
): Promise<Session> {
  const { stackName, quota } = request;
  const { region, readMetrics, readServiceCounts, now } = aws;
  const notes = createNotes(context, progress);
  const { tell } = notes;
  const stack = await readStackIfAllowed(aws, stackName, tell);
  const accountId = aws.accountId ?? (stack === null ? null : accountOf(stack)) ?? 'unknown';
  const readStages = createReadStages({ aws, stack, reportStep: progress.reportStep, tell, now });
  const surveyHeadroom = createSurveyHeadroom({
    account: { accountId, region },
    readMetrics,
    readServiceCounts,
    readQuota: createReadQuota({
      readAccountThrottle: aws.readAccountThrottle,
      readServiceQuotas: aws.readServiceQuotas,
      override: quota,
      region,
      quotas: createMemoryQuotas(),
      now,
      tellProblems: (problems) => tellProblems(problems, tell),
    }),
    readInventory: readStages,
    now,
  });
  return {
    survey: async () => {
      const survey = await surveyHeadroom().finally(progress.stop);
      if (survey.stagesKnown === 0)
        tell(`There is no API in ${region}: another --region, or another account?`);
      else if (survey.source !== 'access-logs' && stack?.status === 'deployed')
        tell(
          `Stack ${stackName} is deployed but has counted no request: docs/headroom-command.md#no-logs says why`,
        );
      return survey;
    },
    toJson: (survey) =>
      headroomJson(survey, { name: stackName, status: stack?.status ?? 'unknown' }, notes.list()),
  };
}

function showOnce(
  { stdout, columns, hasColors }: CommandContext,
  { isJson }: HeadroomRequest,
  session: Session,
): Show {
  return (survey) =>
    stdout.write(
      isJson
        ? `${JSON.stringify(session.toJson(survey), null, 2)}\n`
        : renderHeadroom(survey, { colors: picocolors.createColors(hasColors), columns }),
    );
}

async function watch(
  context: CommandContext,
  { isJson }: HeadroomRequest,
  { survey, toJson }: Session,
  { now }: AwsPorts,
) {
  const { stdout, hasColors } = context;
  const isLive = context.isTerminal && !isJson;
  const colors = picocolors.createColors(hasColors);
  const screen = createLiveScreen(
    (text) => stdout.write(text),
    () => ({ columns: context.columns, rows: context.rows }),
  );
  const show: Show = (found) => {
    if (isLive) screen.draw(renderHeadroom(found, { colors, columns: context.columns }));
    else stdout.write(isJson ? `${JSON.stringify(toJson(found))}\n` : renderHeadroomLine(found));
  };
  return watchHeadroom({
    survey,
    show,
    isPassing,
    tellFailed: (error, againAtMs) => {
      const explained = explainAwsError(error, PERMISSIONS);
      const words = explained instanceof Error ? explained.message : String(explained);
      note(context, `${clockTime(now().getTime())} UTC ${words}; next try ${clockTime(againAtMs)} UTC`);
      screen.leave();
    },
    now,
    wait: (milliseconds) => wait(milliseconds),
  });
}

/** Ctrl-C is how a watch is meant to end, so that it is no failure; as with `ping` and `watch`. */
function endOnInterrupt(progress: StepProgress): void {
  process.once('SIGINT', () => {
    progress.stop();
    process.exit(0);
  });
}

/**
 * Runs `gatewatch headroom` against AWS. With `isWatch` it ends when somebody ends it.
 *
 * @throws {UsageError} In words that say what to do, if AWS cannot be asked
 */
export async function runHeadroom(context: CommandContext, request: HeadroomRequest): Promise<void> {
  const progress = createStepProgress(context.stderr);
  if (request.isWatch) endOnInterrupt(progress);
  try {
    const aws = await connectAws(request.region);
    const session = await openSession(context, request, aws, progress);
    if (request.isWatch) return await watch(context, request, session, aws);
    const survey = await session.survey();
    showOnce(context, request, session)(survey);
    const { failOn } = request;
    const fails = failOn !== null && survey.findings.some(({ severity }) => isAtLeast(severity, failOn));
    if (fails) context.setExitCode(1);
  } catch (error) {
    throw explainAwsError(error, PERMISSIONS);
  } finally {
    progress.stop();
  }
}
