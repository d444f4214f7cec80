import fc from 'fast-check';
import { it } from 'vitest';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import { applyFinding, type Incident } from '#shared/domain/incidents/incident.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';
import { type IncidentSummary, summarizeIncident } from '#shared/domain/messages/incident-summary.ts';
import { addMention } from '#shared/domain/messages/mention.ts';
import { renderSlackMessage, type SlackMessage } from '#shared/domain/messages/render-slack.ts';
import { renderSlackReply } from '#shared/domain/messages/render-slack-reply.ts';
import { validateSlackMessage } from '#test/fakes/block-kit-validator.ts';
import { hostileFinding } from '#test/fakes/hostile-incidents.ts';

const ANNOUNCEMENTS: readonly Announcement[] = [
  'opened',
  'worse',
  'reopened',
  'closed',
  'merged',
  'unknown',
  'changed',
];

const time = fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }));
const announcement = fc.constantFrom(...ANNOUNCEMENTS);
const findings = fc.array(hostileFinding, { minLength: 1, maxLength: 6 });
const severity = fc.constantFrom('warning', 'critical');

/** The findings as one story, whatever they are about. */
function incidentOf(given: readonly Finding[], worst: Finding['severity']): Incident {
  const [first] = given;
  if (first === undefined) throw new Error('An incident has a finding');
  const story = storyOf(first);
  const incident = given.reduce<Incident | null>((before, finding, index) => {
    const told = { ...finding, id: `finding ${index}`, severity: worst };
    return applyFinding(before, story, told);
  }, null);
  if (incident === null) throw new Error('A finding of this severity opens an incident');
  return incident;
}

const summary: fc.Arbitrary<IncidentSummary> = fc
  .record({
    findings,
    severity,
    announcement,
    unknownSinceMs: time,
    mutedUntilMs: time,
    isRepeat: fc.boolean(),
  })
  .map(({ findings: given, severity: worst, announcement: told, ...rest }) => ({
    ...summarizeIncident(incidentOf(given, worst), told, Date.parse('2026-03-02T15:00:00.000Z')),
    ...rest,
  }));

const changes = fc.record({
  announcement,
  joined: fc.array(hostileFinding, { maxLength: 8 }),
  ended: fc.array(hostileFinding, { maxLength: 8 }),
});

/** What is wrong with a message, alone and with a mention. */
function problemsOf(message: SlackMessage, mention: string): string[] {
  const calling = validateSlackMessage(addMention(message, mention), { mayMention: true });
  return [...validateSlackMessage(message), ...calling];
}

/** Lines of a message that claim to be what to do next. */
function nextLines({ blocks }: SlackMessage): number {
  const lines = blocks.flatMap((block) =>
    block.type === 'section' ? (block.text?.text.split('\n') ?? []) : [],
  );
  return lines.filter((line) => line.startsWith('*Next*')).length;
}

it('renderSlackMessage() makes a message that Slack takes of incidents of every kind, whatever names say', () => {
  fc.assert(
    fc.property(summary, (given) => {
      const message = renderSlackMessage(given);
      const problems = problemsOf(message, '<!here>');
      return problems.length === 0 && nextLines(message) <= 1;
    }),
    { numRuns: 1_000 },
  );
});

it('renderSlackReply() makes a reply that Slack takes of changes of every kind, whatever names say', () => {
  fc.assert(
    fc.property(summary, changes, (given, news) => {
      const message = renderSlackReply(given, news);
      const problems = problemsOf(message, '<@U012AB3CD>');
      return problems.length === 0 && nextLines(message) === 0;
    }),
    { numRuns: 1_000 },
  );
});

it('renderSlackMessage() shows the buttons of an account’s incident within all limits', () => {
  const links = fc.array(
    fc.record({ label: fc.string({ maxLength: 90 }), path: fc.integer({ min: 0, max: 3_000 }) }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(summary, links, (given, some) => {
      const shown = some.map(({ label, path }) => ({ label, url: `https://x.example/${'x'.repeat(path)}` }));
      return validateSlackMessage(renderSlackMessage({ ...given, links: shown })).length === 0;
    }),
    { numRuns: 500 },
  );
});
