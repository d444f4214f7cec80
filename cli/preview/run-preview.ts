import { writeFile } from 'node:fs/promises';
import picocolors from 'picocolors';
import { type CommandContext, note } from '#cli/commands/context.ts';
import { UsageError } from '#cli/errors.ts';
import { EXAMPLES } from '#cli/preview/examples.ts';
import { type PreviewState, playExample } from '#cli/preview/play-example.ts';
import { type PreviewReceiver, playStates, type State } from '#cli/preview/play-states.ts';
import { readIncidents } from '#cli/preview/read-incidents.ts';
import { renderPreviewText } from '#cli/render/preview-text.ts';
import { type Conversation, renderSlackHtml } from '#cli/render/slack-html.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { addRunbookLink } from '#shared/domain/messages/runbook-link.ts';

/** How messages can be shown. */
export const PREVIEW_FORMATS = ['text', 'slack', 'html'] as const;

export type PreviewFormat = (typeof PREVIEW_FORMATS)[number];

/** What was asked for. */
export type PreviewRequest = {
  /** Names of examples; all of them for none. */
  readonly names: readonly string[];
  readonly state: PreviewState;
  /** `null` for examples. */
  readonly file: string | null;
  /** Incidents of a deployed stack; `null` for examples. */
  readonly readStored: (() => Promise<readonly Incident[]>) | null;
  readonly receiver: PreviewReceiver;
  readonly isRepeat: boolean;
  /** Page of the runbook; `null` for no link to it. */
  readonly runbookUrl: string | null;
  readonly format: PreviewFormat;
  /** `null` for standard output. */
  readonly out: string | null;
  readonly isJson: boolean;
};

type Story = { readonly name: string; readonly states: readonly State[] };

function exampleStories({ names, state }: PreviewRequest): Story[] {
  const chosen = names.length === 0 ? EXAMPLES : EXAMPLES.filter(({ name }) => names.includes(name));
  const unknown = names.find((name) => !EXAMPLES.some((example) => example.name === name));
  if (unknown !== undefined)
    throw new UsageError(`There is no example ${unknown}: gatewatch preview --list names them`);
  return chosen.map((example) => ({ name: example.name, states: playExample(example, state) }));
}

/** How it stands now, as a receiver would be told that knew nothing of it. */
function storyOf(incident: Incident): Story {
  const observed = incident.findings.map(({ observedAt }) => Date.parse(observedAt));
  return { name: incident.story.key, states: [{ incident, nowMs: Math.max(...observed, 0) }] };
}

async function storiesOf(request: PreviewRequest): Promise<Story[]> {
  if (request.file !== null) return (await readIncidents(request.file)).map(storyOf);
  return request.readStored === null ? exampleStories(request) : (await request.readStored()).map(storyOf);
}

function play({ name, states }: Story, { receiver, isRepeat, runbookUrl }: PreviewRequest): Conversation {
  const incident = states.at(-1)?.incident;
  const posted = playStates(states, receiver, (summary) => {
    const marked = { ...summary, isRepeat };
    return runbookUrl === null || incident === undefined
      ? marked
      : addRunbookLink(marked, incident, runbookUrl);
  });
  return { name, posted };
}

/** What Block Kit Builder takes: the blocks of a message. Of several, a list of them. */
function slackJson(conversations: readonly Conversation[]): unknown {
  const messages = conversations.flatMap(({ posted }) =>
    posted.flatMap(({ message, replies }) => [message, ...replies.map((reply) => reply.message)]),
  );
  return messages.length === 1 ? messages[0] : messages;
}

function documentOf(conversations: readonly Conversation[]): object {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    schemaVersion: 1,
    stories: conversations.map(({ name, posted }) => ({
      name,
      messages: posted.map(({ atMs, editedAtMs, summary, message, text, replies }) => ({
        at: iso(atMs),
        editedAt: iso(editedAtMs),
        announcement: summary.announcement,
        plainText: text,
        ...message,
        replies: replies.map((reply) => ({
          at: iso(reply.atMs),
          isBroadcast: reply.isBroadcast,
          ...reply.message,
        })),
      })),
    })),
  };
}

function render(
  conversations: readonly Conversation[],
  { format, isJson }: PreviewRequest,
  context: CommandContext,
): string {
  if (isJson) return `${JSON.stringify(documentOf(conversations), null, 2)}\n`;
  if (format === 'slack') return `${JSON.stringify(slackJson(conversations), null, 2)}\n`;
  if (format === 'html') return renderSlackHtml(conversations);
  const style = { colors: picocolors.createColors(context.hasColors), columns: context.columns };
  return renderPreviewText(conversations, style);
}

/**
 * Runs `gatewatch preview`.
 *
 * @throws {UsageError} If there is no such example, or a file cannot be read or written
 */
export async function runPreview(context: CommandContext, request: PreviewRequest): Promise<void> {
  const conversations = (await storiesOf(request)).map((story) => play(story, request));
  if (conversations.length === 0) note(context, 'No incident is stored.');
  const text = render(conversations, request, context);
  if (request.out === null) {
    context.stdout.write(text);
    return;
  }
  try {
    await writeFile(request.out, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError(`${request.out} cannot be written (${code})`);
  }
  note(context, `Written to ${request.out}`);
}
