import { clean } from '#cli/render/terminal.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { hang } from '#cli/render/wrap.ts';
import type { Finding, FindingKind, Severity } from '#shared/domain/detection/finding.ts';
import type { HeadroomSurvey } from '#shared/domain/headroom/survey/headroom-survey.ts';
import { applyFinding, type Incident } from '#shared/domain/incidents/incident.ts';
import { groupByStory, storyOf } from '#shared/domain/incidents/story.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';

/** Widest of the severities, and a space. */
const INDENT = 'critical '.length;

function paint(severity: Severity, { colors }: TextStyle): (text: string) => string {
  if (severity === 'critical') return colors.red;
  return severity === 'warning' ? colors.yellow : colors.dim;
}

/** Kinds that are worth no message, and have a line of their own above. */
const TOLD_ABOVE: ReadonlySet<FindingKind> = new Set(['blind.logs', 'headroom.forecast']);

type Told = {
  readonly severity: Severity;
  readonly title: string;
  readonly sinceMs: number;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
};

/** What the message about findings of one story would say. */
function tellIncident(incident: Incident, atMs: number): Told {
  const { title, severity, facts, nextStep, openedAtMs } = summarizeIncident(incident, 'opened', atMs);
  const next = nextStep === null ? [] : [{ label: 'Next', value: nextStep }];
  return { severity, title, sinceMs: openedAtMs, facts: [...facts, ...next] };
}

/** What is worth no message is still shown to who asks. */
function tellFinding({ severity, title, startedAt, evidence, nextStep }: Finding): Told {
  const facts = [...evidence, { label: 'Next', value: nextStep }];
  return { severity, title, sinceMs: Date.parse(startedAt), facts };
}

function tellStory(findings: readonly Finding[], atMs: number): Told[] {
  const [first] = findings;
  if (first === undefined) return [];
  const stories = findings.map(storyOf);
  const story = stories.find(({ kind }) => kind === 'account') ?? storyOf(first);
  const incident = findings.reduce<Incident | null>(
    (known, finding) => applyFinding(known, story, finding),
    null,
  );
  return incident === null ? findings.map(tellFinding) : [tellIncident(incident, atMs)];
}

/** What holds now, one block for each story: what the message about it says. */
export function findingLines({ findings, atMs, fromMs }: HeadroomSurvey, style: TextStyle): string[] {
  const told = findings.filter(({ kind, severity }) => !(severity === 'info' && TOLD_ABOVE.has(kind)));
  return groupByStory(told)
    .flatMap((group) => tellStory(group, atMs))
    .flatMap(({ severity, title, sinceMs, facts }) => {
      const since = new Date(sinceMs).toISOString().slice(11, 16);
      const when =
        sinceMs <= fromMs
          ? `for ${Math.round((atMs - fromMs) / 60_000)} minutes or longer`
          : `since ${since} UTC`;
      const label = paint(severity, style)(severity.padEnd(INDENT));
      const width = Math.max(...facts.map((fact) => fact.label.length));
      const head = (text: string): string => `${' '.repeat(INDENT)}${text.padEnd(width)}  `;
      return [
        '',
        `${label}${style.colors.bold(clean(title))}, ${when}`,
        ...facts.flatMap((fact) => hang(head(fact.label), clean(fact.value), style.columns)),
      ];
    });
}
