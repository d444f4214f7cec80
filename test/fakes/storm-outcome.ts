import { createSlackBotReceiver } from '#shared/adapters/slack-bot-receiver.ts';
import { createSlackWebhookReceiver } from '#shared/adapters/slack-webhook-receiver.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { createFastClock, runStorm, type StormResult } from '#test/fakes/alert-storm.ts';
import { iso } from '#test/fakes/incident-history.ts';
import { createSecretReader } from '#test/fakes/secret-reader.ts';
import type { FaultPlan } from '#test/fakes/slack/slack-faults.ts';
import { ALERTS, SLACK_TOKEN, startSlackServer, WEBHOOK_PATH } from '#test/fakes/slack/slack-server.ts';
import type { SlackMessage } from '#test/fakes/slack/slack-workspace.ts';

const START_MS = Date.parse(iso(0));
const STATEMENTS = 1_000;
const DISPATCHERS = 10;
const KILL_PROBABILITY = 0.01;

/** One call in four goes wrong; half of those that do without an answer have been carried out all the same. */
const FAULTS: FaultPlan['probabilities'] = {
  'rate-limited': 0.03,
  'rate-limited-without-time': 0.01,
  'server-error': 0.02,
  'server-error-after': 0.02,
  silence: 0.02,
  'silence-after': 0.02,
  reset: 0.02,
  'reset-after': 0.02,
  'cut-after': 0.01,
  'not-json-after': 0.01,
  'internal_error-after': 0.01,
  fatal_error: 0.01,
  invalid_blocks: 0.02,
  channel_not_found: 0.02,
};

/** What a storm came to, in numbers. */
export type StormOutcome = {
  readonly findings: number;
  readonly incidents: number;
  readonly requests: number;
  /** Dispatchers that were killed just after a message was sent. */
  readonly kills: number;
  /** Calls that came faster than Slack wants them. */
  readonly tooFast: number;
  /** Incidents with exactly one message (with a webhook: at least one), which shows the end. */
  readonly told: number;
  /** Incidents whose last state Slack refused: they are in the dead letters. */
  readonly inDeadLetters: number;
  /** Incidents that are neither. */
  readonly lost: number;
  /** Messages of an incident that say what an earlier one has said, and are not marked as repeats. */
  readonly unmarkedRepeats: number;
  /** Those that are. */
  readonly markedRepeats: number;
  readonly toldAfterSeconds: number;
};

type Judged = Pick<StormOutcome, 'told' | 'inDeadLetters' | 'lost' | 'unmarkedRepeats' | 'markedRepeats'>;

function incidentIdOf({ metadata }: SlackMessage): unknown {
  const payload = metadata?.event_payload as { readonly incident_id?: unknown } | undefined;
  return payload?.incident_id;
}

/** The messages that tell the end of an incident; a repeat says so in a line, and is one all the same. */
function isFinal(message: Pick<SlackMessage, 'text' | 'blocks'>, incident: Incident): boolean {
  const summary = summarizeIncident(incident, 'closed', START_MS);
  return [false, true].some((isRepeat) => {
    const { text, blocks } = renderSlackMessage({ ...summary, isRepeat });
    return message.text === text && JSON.stringify(message.blocks) === JSON.stringify(blocks);
  });
}

function isInLetters(incident: Incident, { letters }: StormResult): boolean {
  const isRefused = incident.deliveries['slack']?.refusal !== null;
  return isRefused && letters.some(({ incidentId }) => incidentId === incident.id);
}

function judgeBot(result: StormResult, messages: readonly SlackMessage[]): Judged {
  const roots = messages.filter(({ threadTs }) => threadTs === null);
  let told = 0;
  let inDeadLetters = 0;
  let unmarkedRepeats = 0;
  for (const incident of result.incidents) {
    const own = roots.filter((message) => incidentIdOf(message) === incident.id);
    unmarkedRepeats += Math.max(0, own.length - 1);
    const [only] = own;
    if (isInLetters(incident, result)) inDeadLetters += 1;
    else if (own.length === 1 && only !== undefined && isFinal(only, incident)) told += 1;
  }
  const lost = result.stories - told - inDeadLetters;
  return { told, inDeadLetters, lost, unmarkedRepeats, markedRepeats: 0 };
}

const MARK = 'may have come before';

function judgeWebhook(result: StormResult, messages: readonly SlackMessage[]): Judged {
  let told = 0;
  let inDeadLetters = 0;
  for (const incident of result.incidents) {
    if (isInLetters(incident, result)) inDeadLetters += 1;
    else if (messages.some((message) => isFinal(message, incident))) told += 1;
  }
  // Two messages that begin with the same line of text tell the same state of the same incident.
  const marked = messages.filter(({ blocks }) => JSON.stringify(blocks).includes(MARK));
  const unmarked = messages.filter((message) => !marked.includes(message)).map(({ text }) => text);
  return {
    told,
    inDeadLetters,
    lost: result.stories - told - inDeadLetters,
    unmarkedRepeats: unmarked.length - new Set(unmarked).size,
    markedRepeats: marked.length,
  };
}

/**
 * Lets a storm loose on concurrent dispatchers and a Slack that fails one call in four, and judges what Slack shows in
 * the end.
 *
 * @param kind - How Slack is told
 * @param stories - Among how many the 1,000 statements are divided
 */
export async function weatherStorm(
  kind: 'bot' | 'webhook',
  seed: number,
  stories = 50,
): Promise<StormOutcome> {
  const clock = createFastClock(START_MS);
  const slack = await startSlackServer({
    now: clock.nowMs,
    faults: { seed, probabilities: FAULTS },
  });
  const receiver =
    kind === 'bot'
      ? createSlackBotReceiver({
          token: createSecretReader(SLACK_TOKEN),
          channel: ALERTS.id,
          minSeverity: 'warning',
          mention: null,
          apiUrl: slack.apiUrl,
        })
      : createSlackWebhookReceiver(createSecretReader(slack.url + WEBHOOK_PATH), 'warning');
  try {
    const result = await runStorm({
      seed,
      stories,
      statements: STATEMENTS / stories,
      dispatchers: DISPATCHERS,
      killProbability: KILL_PROBABILITY,
      clock,
      startMs: START_MS,
      receiver,
    });
    const messages = slack.channels.flatMap((channel) => channel.messages);
    return {
      findings: result.findings,
      incidents: result.incidents.length,
      requests: slack.requests.length,
      kills: result.kills,
      tooFast: slack.violations(),
      ...(kind === 'bot' ? judgeBot(result, messages) : judgeWebhook(result, messages)),
      toldAfterSeconds: Math.round(result.toldAfterMs / 1_000),
    };
  } finally {
    await slack.stop();
  }
}
