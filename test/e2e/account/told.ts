import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EvaluationCompleted, Finding } from '#shared/domain/detection/finding.ts';
import { e2e } from '#test/e2e/e2e.ts';
import { ACCOUNT_ID, REGION } from '#test/e2e/gateway/aws-call.ts';
import { createFinding } from '#test/fakes/finding.ts';
import type { SlackMessage } from '#test/fakes/slack/slack-workspace.ts';

/** What a topic's subscriber reads of an incident. */
export type Mail = {
  readonly id: string;
  readonly announcement: string;
  readonly severity: string;
  readonly isDrill: boolean;
  readonly title: string;
};

/** A finding of an evaluator that never runs, about an API that there is not, with the given differences. */
export function findingAbout(apiId: string, differences: Partial<Finding> = {}): Finding {
  const now = new Date().toISOString();
  return createFinding({
    id: Buffer.from(apiId).toString('hex').padEnd(64, '0'),
    kind: 'latency',
    evaluator: `test/${apiId}`,
    severity: 'warning',
    scope: { accountId: ACCOUNT_ID, region: REGION, apiId, apiName: apiId, stage: 'prod' },
    startedAt: now,
    observedAt: now,
    lastBadAt: now,
    title: `${apiId}/prod is slow`,
    cause: null,
    ...differences,
  });
}

/** The finding at a later time. */
export function restate(finding: Finding, differences: Partial<Finding>): Finding {
  return { ...finding, observedAt: new Date().toISOString(), ...differences };
}

async function putOnBus(DetailType: string, detail: object): Promise<void> {
  const Entry = { EventBusName: e2e.stack.outputs['AlertBusName'], Source: 'gatewatch', DetailType };
  await e2e.aws.clients.eventBridge.send(
    new PutEventsCommand({ Entries: [{ ...Entry, Detail: JSON.stringify(detail) }] }),
  );
}

/** Puts a finding on the stack's bus, as its evaluator would. */
export function putFinding(finding: Finding): Promise<void> {
  return putOnBus('findings', { schemaVersion: 1, findings: [finding] });
}

function completed(evaluator: string, openFindingIds: readonly string[]): EvaluationCompleted {
  return {
    schemaVersion: 1,
    evaluator,
    scope: { accountId: ACCOUNT_ID, region: REGION },
    through: new Date().toISOString(),
    openFindingIds,
  };
}

/** Puts an evaluator's word on the stack's bus that it has judged everything up to now. */
export function putCompleted(evaluator: string, openFindingIds: readonly string[]): Promise<void> {
  return putOnBus('evaluation.completed', completed(evaluator, openFindingIds));
}

/** The same word, brought by hand: it is worked in when this is over. */
export async function tellCompleted(evaluator: string, openFindingIds: readonly string[]): Promise<void> {
  const detail = completed(evaluator, openFindingIds);
  await e2e.stack.invoke('dispatch-alerts', {
    source: 'gatewatch',
    'detail-type': 'evaluation.completed',
    detail,
  });
}

/** What the schedule does each minute; over when all that was owed was sent, unless another dispatcher sends it. */
export async function sweep(): Promise<void> {
  await e2e.stack.invoke('dispatch-alerts', { 'detail-type': 'sweep' });
}

function everyMessage(): readonly SlackMessage[] {
  return e2e.aws.slack.channels.flatMap(({ messages }) => messages);
}

/** The messages in the channel itself, as they are now. */
export function channelMessages(): readonly SlackMessage[] {
  return everyMessage().filter(({ threadTs }) => threadTs === null);
}

/** The texts of a message's thread, oldest first. */
export function repliesTo(message: SlackMessage | undefined): string[] {
  return everyMessage()
    .filter(({ threadTs }) => threadTs !== null && threadTs === message?.ts)
    .map(({ text }) => text);
}

/** The messages of the bot about the incidents whose id holds a word, as they are now. */
export function slackAbout(word: string): readonly SlackMessage[] {
  return channelMessages().filter(({ metadata }) => JSON.stringify(metadata).includes(word));
}

/** The messages to the topic about the incidents whose id holds a word, in order. */
export async function mailsAbout(word: string): Promise<readonly Mail[]> {
  const mails = (await e2e.mailbox.read()).map(({ Message }) => JSON.parse(Message) as Partial<Mail>);
  return mails.filter((mail): mail is Mail => mail.id?.includes(word) ?? false);
}

/** What the topic was told of the incidents whose id holds a word: `opened`, `closed`. */
export async function announcementsAbout(word: string): Promise<string[]> {
  return (await mailsAbout(word)).map(({ announcement }) => announcement);
}
