import { describe, expect, it } from 'vitest';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { Changes } from '#shared/domain/incidents/changes.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { renderSlackReply } from '#shared/domain/messages/render-slack-reply.ts';
import { validateSlackMessage } from '#test/fakes/block-kit-validator.ts';
import { createFinding } from '#test/fakes/finding.ts';
import { createSummary } from '#test/fakes/incident-summary.ts';

function render(changes: Partial<Changes>, differences: Partial<IncidentSummary> = {}) {
  const all: Changes = { announcement: 'changed', joined: [], ended: [], ...changes };
  return renderSlackReply(createSummary({ announcement: all.announcement, ...differences }), all);
}

function linesOf({ blocks }: ReturnType<typeof renderSlackReply>): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'section') return block.text?.text.split('\n') ?? [];
    return block.type === 'context' ? block.elements.map((one) => ('text' in one ? one.text : '')) : [];
  });
}

function findings(amount: number): Finding[] {
  return Array.from({ length: amount }, (_, index) =>
    createFinding({
      title: `Finding ${index + 1}`,
      evidence: ['Now', 'Cause', 'Cost so far', 'Other'].map((label) => ({ label, value: `${label} x` })),
    }),
  );
}

describe('renderSlackReply()', () => {
  it('renderSlackReply() says that it got worse, with the leading fact', () => {
    const message = render({ announcement: 'worse' });

    expect(linesOf(message)).toEqual(['🔴 *Worse: now critical* · 10,240 rps of 10,000 (102 %)']);
    expect(message.text).toBe(
      '🔴 CRITICAL worse: Account throttle exhausted (us-east-1 · 1234-5678-9012)\nNow: 10,240 rps of 10,000 (102 %)',
    );
  });

  it.each([
    ['opened', 'warning', '🟠 *Open, warning* · 10,240 rps of 10,000 (102 %)'],
    ['reopened', 'critical', '🔴 *Open again, critical* · 10,240 rps of 10,000 (102 %)'],
  ] as const)('renderSlackReply() says that it is %s', (announcement, severity, expected) => {
    expect(linesOf(render({ announcement }, { severity }))).toEqual([expected]);
  });

  it('renderSlackReply() says how long it lasted, how bad it got and what it cost', () => {
    const message = render(
      { announcement: 'closed', ended: findings(2) },
      {
        duration: '7 min',
        endedAtMs: Date.UTC(2026, 2, 2, 14, 10),
        facts: [
          { label: 'Quota', value: '10,000 rps' },
          { label: 'At worst', value: '11,200 rps of 10,000 (112 %)' },
          { label: 'Cost so far', value: '≥ 5,130 requests refused, 1.9 % of all' },
        ],
      },
    );

    expect(linesOf(message)).toEqual([
      '✅ *Closed after 7 min*',
      '*At worst*  11,200 rps of 10,000 (112 %)',
      '*Cost so far*  ≥ 5,130 requests refused, 1.9 % of all',
    ]);
  });

  it('renderSlackReply() tells the facts that there are of an end without a worst', () => {
    const facts = [{ label: 'Latency', value: 'p99 4 s' }];

    expect(linesOf(render({ announcement: 'closed' }, { facts }))).toEqual([
      '✅ *Closed after 3 min*',
      '*Latency*  p99 4 s',
    ]);
  });

  it('renderSlackReply() says since when nobody knows', () => {
    const message = render({ announcement: 'unknown' }, { unknownSinceMs: Date.UTC(2026, 2, 2, 14, 10) });

    expect(linesOf(message)).toEqual([
      '❔ *Unknown since <!date^1772460600^{date_short_pretty} {time_secs}|2026-03-02T14:10:00.000Z>*',
      'Nothing has judged this since; it may be over, or worse.',
    ]);
    expect(validateSlackMessage(message)).toEqual([]);
    expect(linesOf(render({ announcement: 'unknown' }))[0]).toBe('❔ *Unknown*');
  });

  it('renderSlackReply() says what an incident went into', () => {
    expect(linesOf(render({ announcement: 'merged' }))).toEqual([
      '↪️ *Part of the incident of the account*',
      'It explains this one: what happens next is told there.',
    ]);
  });

  it('renderSlackReply() tells what joined with two facts each, and what ended', () => {
    const [first, second] = findings(2);
    if (first === undefined || second === undefined) throw new Error('unreachable');

    expect(linesOf(render({ joined: [first], ended: [second] }))).toEqual([
      'ℹ️ *Changed*',
      '*New*',
      '• *Finding 1*',
      '   *Now*  Now x',
      '   *Cause*  Cause x',
      '*Over*',
      '• Finding 2',
    ]);
  });

  it('renderSlackReply() tells no fact twice, nor the finding that names the incident', () => {
    const [first, second] = findings(2);
    if (first === undefined || second === undefined) throw new Error('unreachable');
    const named = { ...first, title: 'Account throttle exhausted' };

    expect(linesOf(render({ announcement: 'worse', joined: [named, first, second] })).slice(1)).toEqual([
      '*New*',
      '• *Finding 1*',
      '   *Now*  Now x',
      '   *Cause*  Cause x',
      '• *Finding 2*',
    ]);
  });

  it('renderSlackReply() counts what there is more of', () => {
    const many = findings(10).map((finding) => ({
      ...finding,
      evidence: finding.evidence.map(({ label }) => ({ label, value: finding.title })),
    }));

    const lines = linesOf(render({ joined: many }));

    expect(lines).toHaveLength(2 + 3 * 3 + 1);
    expect(lines.at(-1)).toBe('_and 7 more_');
  });

  it('renderSlackReply() tells what is to be known about the message itself', () => {
    const message = render(
      { announcement: 'worse' },
      { isDrill: true, isRepeat: true, mutedUntilMs: Date.UTC(2026, 2, 2, 16) },
    );

    expect(linesOf(message)).toEqual([
      '🧪 DRILL 🔴 *Worse: now critical* · 10,240 rps of 10,000 (102 %)',
      '🧪 a drill: nothing is wrong · 🔕 muted until <!date^1772467200^{date_short_pretty} {time_secs}|2026-03-02T16:00:00.000Z> · may have come before: Slack did not confirm it',
    ]);
    expect(message.text).toMatch(/^🧪 🔴 DRILL CRITICAL worse: /);
  });

  it('renderSlackReply() makes hostile findings inert', () => {
    const text = '<!channel>\n*Next*  <https://example.com|x>'.repeat(300);
    const hostile = createFinding({ title: text, evidence: [{ label: text, value: text }] });

    const message = render({ joined: [hostile, hostile, hostile, hostile], ended: [hostile] });

    expect(validateSlackMessage(message)).toEqual([]);
    expect(linesOf(message).filter((line) => line.startsWith('*Next*'))).toEqual([]);
  });
});
