import { describe, expect, it } from 'vitest';
import { announcementAfter, firstAnnouncement } from '#shared/domain/incidents/announcement.ts';
import type { Snapshot } from '#shared/domain/incidents/delivery.ts';
import { createSnapshot } from '#test/fakes/snapshot.ts';

const WARNING = {};
const CRITICAL = { severity: 'critical' } as const;
const UNKNOWN = { isUnknown: true };
const CLOSED = { status: 'closed' } as const;
const CLOSED_CRITICAL = { ...CLOSED, ...CRITICAL };
const MERGED = { status: 'merged' } as const;

describe('firstAnnouncement()', () => {
  it.each<[Partial<Snapshot>, string]>([
    [WARNING, 'opened'],
    [CRITICAL, 'opened'],
    [UNKNOWN, 'unknown'],
    // A receiver that was away all the time is told that it was, and is over.
    [CLOSED, 'closed'],
    [MERGED, 'merged'],
  ])('firstAnnouncement() of %j is %s', (now, expected) => {
    expect(firstAnnouncement(createSnapshot(now))).toBe(expected);
  });
});

describe('announcementAfter()', () => {
  it.each<[told: Partial<Snapshot>, now: Partial<Snapshot>, expected: string | null]>([
    [WARNING, WARNING, null],
    [WARNING, CRITICAL, 'worse'],
    [CRITICAL, WARNING, null],
    [CRITICAL, CRITICAL, null],
    [CLOSED, WARNING, 'reopened'],
    [CLOSED, CRITICAL, 'reopened'],
    [MERGED, WARNING, 'reopened'],
    [WARNING, CLOSED, 'closed'],
    [WARNING, CLOSED_CRITICAL, 'closed'],
    [UNKNOWN, CLOSED, 'closed'],
    [CLOSED, CLOSED, null],
    [CLOSED, CLOSED_CRITICAL, null],
    [WARNING, MERGED, 'merged'],
    [CLOSED, MERGED, null],
    [MERGED, MERGED, null],
    [WARNING, UNKNOWN, 'unknown'],
    [UNKNOWN, UNKNOWN, null],
    [UNKNOWN, WARNING, 'changed'],
    [UNKNOWN, CRITICAL, 'worse'],
    [CLOSED, UNKNOWN, 'reopened'],
  ])('announcementAfter() %j, now %j, is %s', (told, now, expected) => {
    expect(announcementAfter(createSnapshot(told), createSnapshot(now))).toBe(expected);
  });
});
