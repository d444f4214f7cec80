import { type Finding, isAtLeast, type Severity } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { Story } from '#shared/domain/incidents/story.ts';

/** What a mute is about: all that is given must fit, and at least one of them is given. */
export type MuteMatch = {
  /** Id or name of an API. */
  readonly api?: string;
  readonly stage?: string;
  /** A kind of finding, or all whose kind begins with it: `headroom` for `headroom.low` and its like. */
  readonly kind?: string;
};

/** An incident that a mute kept from being told. */
export type HeldIncident = {
  readonly id: string;
  /** As it was when it was held back, cut to {@link MAX_TITLE_LENGTH}. */
  readonly title: string;
  readonly severity: Severity;
  /** ISO 8601. */
  readonly openedAt: string;
};

/** Somebody's wish not to be told of something for a while. Plain data, stored as it is. Times in epoch milliseconds. */
export type Mute = {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly match: MuteMatch;
  readonly reason: string;
  /** Who made it, as their machine calls them; `null` if it does not tell. */
  readonly createdBy: string | null;
  readonly createdAtMs: number;
  /** When it ends by itself. */
  readonly untilMs: number;
  /** When somebody ended it before that; `null` if nobody did. */
  readonly endedAtMs: number | null;
  readonly heldBack: {
    readonly count: number;
    /** The first {@link MAX_LISTED} of them. */
    readonly incidents: readonly HeldIncident[];
  };
};

/** All mutes are one item of a table, which holds 400 KB: full ones of this number pack into a third of that. */
export const MAX_MUTES = 200;

/** The longest time for which anything is muted: nobody remembers a longer one. */
export const MAX_MUTE_MS = 30 * 86_400_000;

/** How many of the incidents that it held back a mute lists; the others are counted. */
export const MAX_LISTED = 20;

/** The characters of a title that a mute keeps. */
export const MAX_TITLE_LENGTH = 120;

/** What of an incident decides whether it is held back. */
type Mutable = Pick<Incident, 'story' | 'status' | 'findings'>;

/** What a mute counts of an incident. */
type Holdable = Pick<Incident, 'id' | 'severity' | 'openedAt'> & {
  /** The mute that has counted it already. */
  readonly heldBackBy?: string | null;
};

/** What the alerting says about itself: one who mutes an API does not mean these. */
const NEVER_MUTED: ReadonlySet<Story['kind']> = new Set(['delivery', 'mute', 'drill']);

/** When a mute ended or will end, epoch milliseconds. */
export function endOf({ endedAtMs, untilMs }: Pick<Mute, 'endedAtMs' | 'untilMs'>): number {
  return endedAtMs ?? untilMs;
}

/** True while a mute holds incidents back. */
export function isActiveMute(mute: Mute, nowMs: number): boolean {
  return nowMs < endOf(mute);
}

/** True if a mute is about a finding. */
export function isAbout({ api, stage, kind }: MuteMatch, finding: Finding): boolean {
  const { scope } = finding;
  return (
    (api === undefined || scope.apiId === api || scope.apiName === api) &&
    (stage === undefined || scope.stage === stage) &&
    (kind === undefined || finding.kind === kind || finding.kind.startsWith(`${kind}.`))
  );
}

/** True for a finding that is open and worth a message. */
export function isToldOf({ status, severity }: Finding): boolean {
  return status === 'open' && isAtLeast(severity, 'warning');
}

/**
 * Finds the mute that keeps an incident from being told. Every open finding that is worth a message must be muted: so
 * the account's trouble is told although the API that caused it is muted, as its own findings name no API.
 *
 * @returns Of several, the one with whose end the incident is told; `null` if it is told now
 */
export function findMute(
  { story, status, findings }: Mutable,
  mutes: readonly Mute[],
  nowMs: number,
): Mute | null {
  if (status !== 'open' || NEVER_MUTED.has(story.kind)) return null;
  const active = mutes.filter((mute) => isActiveMute(mute, nowMs));
  let first: Mute | null = null;
  for (const finding of findings.filter(isToldOf)) {
    const [last] = active
      .filter(({ match }) => isAbout(match, finding))
      .sort((a, b) => b.untilMs - a.untilMs);
    if (last === undefined) return null;
    if (first === null || last.untilMs < first.untilMs) first = last;
  }
  return first;
}

/**
 * Adds a mute.
 *
 * @throws {RangeError} If there are {@link MAX_MUTES} already, or the new one is about everything
 */
export function addMute(mutes: readonly Mute[], mute: Mute): readonly Mute[] {
  const { api, stage, kind } = mute.match;
  if (api === undefined && stage === undefined && kind === undefined) {
    throw new RangeError('Cannot mute everything: an API, a stage or a kind is needed');
  }
  if (mutes.length >= MAX_MUTES) {
    throw new RangeError(`Cannot add a mute: there are ${MAX_MUTES}, the most there can be`);
  }
  return [...mutes, mute];
}

/** Ends a mute before its time. @returns The same array if no such mute is active */
export function endMute(mutes: readonly Mute[], muteId: string, nowMs: number): readonly Mute[] {
  const index = mutes.findIndex((mute) => mute.id === muteId && isActiveMute(mute, nowMs));
  const mute = mutes[index];
  return mute === undefined ? mutes : mutes.with(index, { ...mute, endedAtMs: nowMs });
}

/**
 * Counts an incident among those that a mute held back, once: neither if the mute lists it, nor if the incident says
 * that this mute holds it back.
 *
 * @param title - What the incident is called in messages
 * @returns The same array if nothing changed
 */
export function holdBack(
  mutes: readonly Mute[],
  muteId: string,
  incident: Holdable,
  title: string,
): readonly Mute[] {
  const index = mutes.findIndex(({ id }) => id === muteId);
  const mute = mutes[index];
  if (mute === undefined || incident.heldBackBy === muteId) return mutes;
  const { id, severity, openedAt } = incident;
  const { count, incidents } = mute.heldBack;
  if (incidents.some((one) => one.id === id)) return mutes;
  const listed = { id, title: title.slice(0, MAX_TITLE_LENGTH), severity, openedAt };
  return mutes.with(index, {
    ...mute,
    heldBack: {
      count: count + 1,
      incidents: incidents.length < MAX_LISTED ? [...incidents, listed] : incidents,
    },
  });
}

/** The mutes that are over; one is forgotten when its end was told. */
export function endedMutes(mutes: readonly Mute[], nowMs: number): readonly Mute[] {
  return mutes.filter((mute) => !isActiveMute(mute, nowMs));
}
