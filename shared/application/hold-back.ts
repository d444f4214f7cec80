import { createHash } from 'node:crypto';
import type { MuteStore } from '#shared/application/mute-ports.ts';
import type { Account, IncidentStore, Now, Wait } from '#shared/application/ports.ts';
import { updateMutes } from '#shared/application/update-mutes.ts';
import { type Finding, findingIdentity } from '#shared/domain/detection/finding.ts';
import { toHeldBackFinding } from '#shared/domain/findings/describe-held-back.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { endedMutes, holdBack, type Mute } from '#shared/domain/incidents/mute.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';

/** Mutes that are over, and what is to be told of them. */
export type EndedMutes = {
  /** One for each mute that held something back. */
  readonly findings: readonly Finding[];
  /** Forgets these mutes: to be called when the findings are in incidents, also if there are none. */
  readonly markTold: () => Promise<void>;
};

/** What a dispatcher does with mutes. */
export type HoldBack = {
  /** All mutes, for `findMute`: once for an invocation. */
  readonly read: () => Promise<readonly Mute[]>;
  /**
   * Counts an incident among those that the mute held back: before the incident says so itself.
   *
   * @returns False if the mute is not there any more: what it held back was told, without this one
   */
  readonly hold: (incident: Incident, mute: Mute) => Promise<boolean>;
  /**
   * Tells what mutes that are over held back. The same findings come again until they are marked as told: nothing is
   * lost in a crash, and incidents take the same finding once.
   */
  readonly takeEnded: (account: Account) => Promise<EndedMutes>;
};

type Dependencies = {
  readonly mutes: MuteStore;
  readonly incidents: Pick<IncidentStore, 'listActive'>;
  readonly now: Now;
  readonly wait: Wait;
};

async function findingsOf(
  ended: readonly Mute[],
  account: Account,
  incidents: Dependencies['incidents'],
): Promise<Finding[]> {
  const worthTelling = ended.filter(({ heldBack }) => heldBack.count > 0);
  if (worthTelling.length === 0) return [];
  const active = await incidents.listActive();
  const openIds = new Set(active.filter(({ status }) => status === 'open').map(({ id }) => id));
  return worthTelling.map((mute) => {
    const finding = toHeldBackFinding(mute, account, openIds);
    const identity = findingIdentity(finding.kind, finding.scope);
    return { ...finding, id: createHash('sha256').update(identity).digest('hex') };
  });
}

/** Makes what dispatchers need of mutes; many may run at once. */
export function createHoldBack({ mutes: store, incidents, now, wait }: Dependencies): HoldBack {
  return {
    read: async () => (await store.read()).mutes,
    hold: async (incident, mute) => {
      const { title } = summarizeIncident(incident, 'opened', now().getTime());
      const mutes = await updateMutes(store, wait, (before) => holdBack(before, mute.id, incident, title));
      return mutes.some(({ id }) => id === mute.id);
    },
    takeEnded: async (account) => {
      const ended = endedMutes((await store.read()).mutes, now().getTime());
      const ids = new Set(ended.map(({ id }) => id));
      return {
        findings: await findingsOf(ended, account, incidents),
        markTold: async () => {
          if (ids.size === 0) return;
          await updateMutes(store, wait, (mutes) =>
            mutes.some(({ id }) => ids.has(id)) ? mutes.filter(({ id }) => !ids.has(id)) : mutes,
          );
        },
      };
    },
  };
}
