import { describe, expect, it } from 'vitest';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import { renderHeadline, renderText } from '#shared/domain/messages/render-text.ts';
import { createSummary } from '#test/fakes/incident-summary.ts';

describe('renderHeadline()', () => {
  it.each<[Announcement, string]>([
    ['opened', 'CRITICAL open: '],
    ['worse', 'CRITICAL worse: '],
    ['reopened', 'CRITICAL open again: '],
    ['closed', 'CRITICAL closed: '],
    ['merged', 'CRITICAL part of the account incident: '],
  ])('renderHeadline() says what is announced by %s', (announcement, expected) => {
    expect(renderHeadline(createSummary({ announcement }))).toBe(
      `${expected}Account throttle exhausted (us-east-1 · 1234-5678-9012)`,
    );
  });

  it('renderHeadline() marks a drill', () => {
    expect(renderHeadline(createSummary({ isDrill: true }))).toMatch(/^DRILL CRITICAL open: /);
  });
});

describe('renderText()', () => {
  it('renderText() sets the facts of an open incident below each other', () => {
    expect(renderText(createSummary())).toBe(
      [
        'CRITICAL open: Account throttle exhausted (us-east-1 · 1234-5678-9012)',
        'Now        10,240 rps of 10,000 (102 %)',
        'Caused by  orders-api/prod 6,100 rps, usually 900 (6.8 ×) · no stage limit',
        'Next       Limit orders-api/prod at its stage',
        '           Raise quota: https://us-east-1.console.aws.amazon.com/servicequotas/home',
        'Since      2026-03-02 14:03 UTC, open 3 min · data 2 min old',
      ].join('\n'),
    );
  });

  it('renderText() says from when to when, once it is over', () => {
    const endedAtMs = Date.UTC(2026, 2, 2, 14, 10);

    const lines = renderText(
      createSummary({ announcement: 'closed', endedAtMs, duration: '7 min', nextStep: null, links: [] }),
    ).split('\n');

    expect(lines.at(-1)).toBe(
      'From       2026-03-02 14:03 UTC to 2026-03-02 14:10 UTC (7 min); clean since then',
    );
    expect(lines).toHaveLength(4);
  });

  it('renderText() says of a drill only when it was', () => {
    const endedAtMs = Date.UTC(2026, 2, 2, 14, 10);

    expect(
      renderText(createSummary({ announcement: 'closed', endedAtMs, isDrill: true, isJudged: false })),
    ).toMatch(/ to 2026-03-02 14:10 UTC \(3 min\)$/);
  });

  it('renderText() says what is to be known about the message itself', () => {
    const at = (hour: number): number => Date.UTC(2026, 2, 2, hour);

    const lines = renderText(
      createSummary({ isDrill: true, unknownSinceMs: at(15), mutedUntilMs: at(16), isRepeat: true }),
    ).split('\n');

    expect(lines.slice(1, 5)).toEqual([
      'Test       somebody made it: nothing is wrong',
      'Unknown    since 2026-03-02 15:00 UTC: nothing has judged this since; it may be over, or worse',
      'Muted      until 2026-03-02 16:00 UTC',
      'Repeat     may have come before: it was not confirmed',
    ]);
    expect(lines.at(-1)).toBe('Since      2026-03-02 14:03 UTC');
  });

  it('renderText() says where an incident goes on that went into another one', () => {
    expect(renderText(createSummary({ announcement: 'merged' }))).toMatch(
      /\nSince {6}2026-03-02 14:03 UTC; goes on in the incident of the account$/,
    );
  });

  it('renderText() says how many findings were left out', () => {
    expect(renderText(createSummary({ findingsLeftOut: 1 }))).toContain('\n           1 more finding\n');
    expect(renderText(createSummary({ findingsLeftOut: 7 }))).toContain('\n           7 more findings\n');
    expect(renderText(createSummary())).not.toContain('more finding');
  });

  it('renderText() sets an incident without facts', () => {
    expect(renderText(createSummary({ facts: [], nextStep: null, links: [] })).split('\n')).toEqual([
      'CRITICAL open: Account throttle exhausted (us-east-1 · 1234-5678-9012)',
      'Since  2026-03-02 14:03 UTC, open 3 min · data 2 min old',
    ]);
  });
});
