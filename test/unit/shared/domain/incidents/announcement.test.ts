import { describe, expect, it } from 'vitest';
import type { Severity } from '#shared/domain/detection/finding.ts';
import { nextAnnouncement } from '#shared/domain/incidents/announcement.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { createIncident } from '#test/fakes/finding.ts';

type Status = Incident['status'];
type Told = { readonly status: Status; readonly severity: Severity } | null;

function incident(status: Status, severity: Severity, told: Told): Incident {
  const deliveries = told === null ? {} : { slack: { version: 1, announced: told, sentAtMs: 0 } };
  return { ...createIncident(), status, severity, deliveries };
}

const NEVER: Told = null;
const TOLD_WARNING: Told = { status: 'open', severity: 'warning' };
const TOLD_CRITICAL: Told = { status: 'open', severity: 'critical' };
const TOLD_CLOSED: Told = { status: 'closed', severity: 'warning' };
const TOLD_MERGED: Told = { status: 'merged', severity: 'warning' };

describe('nextAnnouncement()', () => {
  it.each<[Status, Severity, Told, ReturnType<typeof nextAnnouncement>]>([
    ['open', 'warning', NEVER, 'opened'],
    ['open', 'critical', NEVER, 'opened'],
    ['open', 'warning', TOLD_WARNING, null],
    ['open', 'critical', TOLD_WARNING, 'worse'],
    ['open', 'warning', TOLD_CRITICAL, null],
    ['open', 'critical', TOLD_CRITICAL, null],
    ['open', 'warning', TOLD_CLOSED, 'reopened'],
    ['open', 'critical', TOLD_CLOSED, 'reopened'],
    ['open', 'warning', TOLD_MERGED, 'reopened'],
    // A receiver that was away all the time is told that it was, and is over.
    ['closed', 'warning', NEVER, 'closed'],
    ['closed', 'warning', TOLD_WARNING, 'closed'],
    ['closed', 'critical', TOLD_WARNING, 'closed'],
    ['closed', 'warning', TOLD_CLOSED, null],
    ['closed', 'critical', TOLD_CLOSED, null],
    ['merged', 'warning', NEVER, null],
    ['merged', 'warning', TOLD_WARNING, 'merged'],
    ['merged', 'critical', TOLD_CRITICAL, 'merged'],
    ['merged', 'warning', TOLD_CLOSED, null],
    ['merged', 'warning', TOLD_MERGED, null],
  ])('nextAnnouncement() for %s and %s, told %j, is %s', (status, severity, told, expected) => {
    expect(nextAnnouncement(incident(status, severity, told), 'slack')).toBe(expected);
  });

  it('nextAnnouncement() asks what this receiver was told, not another', () => {
    expect(nextAnnouncement(incident('open', 'warning', TOLD_WARNING), 'sns')).toBe('opened');
  });
});
