import type { Example } from '#cli/preview/example.ts';
import type { Phase, StateFinding } from '#cli/preview/example-findings.ts';
import type { State } from '#cli/preview/play-states.ts';
import type { Severity } from '#shared/domain/detection/finding.ts';
import { applyFinding, type Incident } from '#shared/domain/incidents/incident.ts';
import { accountStory, mayJoinAccount, storyOf } from '#shared/domain/incidents/story.ts';
import { noticeSilence } from '#shared/domain/incidents/unknown-since.ts';

/** How far an example is played. */
export const PREVIEW_STATES = ['opened', 'worse', 'unknown', 'closed'] as const;

export type PreviewState = (typeof PREVIEW_STATES)[number];

const MINUTE_MS = 60_000;
const STARTED_AT_MS = Date.UTC(2026, 2, 2, 14, 3);

function phase(status: Phase['status'], severity: Severity, minute: number, badMinute = minute): Phase {
  return {
    status,
    severity,
    startedAtMs: STARTED_AT_MS,
    observedAtMs: STARTED_AT_MS + minute * MINUTE_MS,
    lastBadAtMs: STARTED_AT_MS + badMinute * MINUTE_MS,
  };
}

function apply(incident: Incident | null, findings: readonly StateFinding[], at: Phase): Incident | null {
  return findings
    .map((state) => state(at))
    .reduce<Incident | null>((before, finding) => {
      const isAccounts = before?.story.kind === 'account' && mayJoinAccount(finding);
      const story = isAccounts ? accountStory(finding) : (before?.story ?? storyOf(finding));
      return applyFinding(before, story, finding);
    }, incident);
}

function stateAt(incident: Incident | null, minute: number): State {
  if (incident === null) throw new Error('An example opens an incident');
  return { incident, nowMs: STARTED_AT_MS + minute * MINUTE_MS };
}

/** The states of an example, from when it is first told. */
export function playExample(example: Example, until: PreviewState): State[] {
  const { findings, before, severity, isOver } = example;
  const isSmallFirst = until === 'worse' || until === 'closed';
  const opening =
    isSmallFirst && before !== undefined
      ? apply(null, before, phase('open', 'warning', 1))
      : apply(null, findings, phase('open', until === 'worse' ? 'warning' : severity, 3));
  if (isOver === true) return [stateAt(opening, 3)];
  const states = [stateAt(opening, 3)];
  if (isSmallFirst) states.push(stateAt(apply(opening, findings, phase('open', severity, 5)), 6));
  const last = states.at(-1)?.incident ?? null;
  if (until === 'closed') states.push(stateAt(apply(last, findings, phase('cleared', severity, 12, 7)), 14));
  if (until === 'unknown' && last !== null)
    states.push(stateAt(noticeSilence(last, STARTED_AT_MS + 25 * MINUTE_MS), 25));
  return states;
}
