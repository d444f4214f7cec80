import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { IncidentStore } from '#shared/application/ports.ts';
import type { Scope } from '#shared/domain/detection/finding.ts';
import { UNTOLD } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { snapshotOf } from '#shared/domain/incidents/snapshot.ts';
import { createIncident } from '#test/fakes/finding.ts';

/** The first incident of the story of one stage, as a dispatcher writes it. */
function incidentOf(stage: string): Incident {
  const scope: Scope = { accountId: '123456789012', region: 'us-east-1', apiId: 'a1b2c3', stage };
  return { ...createIncident({ scope }), revision: 1 };
}

function keysOf(incidents: readonly Incident[]): string[] {
  return incidents.map(({ story }) => story.key).sort();
}

/** Any text, also halves of surrogate pairs, which no UTF-8 holds. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

/**
 * What every store of incidents does.
 *
 * @param createStore - Makes an empty store
 */
export function describeIncidents(
  name: string,
  createStore: () => IncidentStore | Promise<IncidentStore>,
): void {
  describe(name, () => {
    let store: IncidentStore;

    beforeEach(async () => {
      store = await createStore();
    });

    it('read() returns null for a story without an incident', async () => {
      await store.write(incidentOf('prod'), null);

      expect(await store.read(incidentOf('dev').story.key)).toBeNull();
    });

    it('read() returns what write() took, all of it', async () => {
      const incident: Incident = {
        ...incidentOf('prod'),
        deliveries: {
          sns: { ...UNTOLD, told: snapshotOf(incidentOf('prod')), sentAtMs: 1_772_460_000_000 },
        },
        unknownSince: '2026-03-02T14:05:00.000Z',
        heldBackBy: 'mute-1',
        leftOutIds: ['f1', 'f2'],
      };

      expect(await store.write(incident, null)).toBe(true);

      expect(await store.read(incident.story.key)).toStrictEqual(incident);
    });

    it('read() returns any text as write() took it', async () => {
      let revision = 0;
      const property = fc.asyncProperty(anyText, async (title) => {
        const incident = {
          ...createIncident({ title, evidence: [{ label: title, value: '' }] }),
          revision: revision + 1,
        };
        const isWritten = await store.write(incident, revision === 0 ? null : revision);
        revision += 1;
        return isWritten && isDeepStrictEqual(await store.read(incident.story.key), incident);
      });

      await fc.assert(property, { numRuns: 50 });
    });

    it('write() replaces the revision that the writer has seen', async () => {
      const incident = incidentOf('prod');
      await store.write(incident, null);
      const next: Incident = { ...incident, severity: 'critical', version: 2, revision: 2 };

      expect(await store.write(next, 1)).toBe(true);

      expect(await store.read(incident.story.key)).toStrictEqual(next);
    });

    it.each([
      ['expects no incident where there is one', null],
      ['has seen an older revision', 1],
      ['has seen a later revision', 3],
    ])('write() returns false and changes nothing if the writer %s', async (_, expectedRevision) => {
      const incident = { ...incidentOf('prod'), revision: 2 };
      await store.write(incident, null);

      expect(await store.write({ ...incident, isActive: false, revision: 9 }, expectedRevision)).toBe(false);

      expect(await store.read(incident.story.key)).toStrictEqual(incident);
      expect(keysOf(await store.listActive())).toEqual([incident.story.key]);
    });

    it('write() returns true to exactly one of many at once', async () => {
      const incident = incidentOf('prod');
      await store.write(incident, null);
      const rivals = Array.from({ length: 20 }, (_, index) => ({
        ...incident,
        revision: 2,
        version: 10 + index,
      }));

      const results = await Promise.all(rivals.map((rival) => store.write(rival, 1)));

      expect(results.filter((isWritten) => isWritten)).toHaveLength(1);
      expect(await store.read(incident.story.key)).toStrictEqual(rivals[results.indexOf(true)]);
    });

    it('listActive() returns the active incidents of all stories, whole, and no others', async () => {
      const [prod, test, dev] = [
        incidentOf('prod'),
        incidentOf('test'),
        { ...incidentOf('dev'), isActive: false },
      ];
      for (const incident of [prod, test, dev]) await store.write(incident, null);

      const active = await store.listActive();

      expect(keysOf(active)).toEqual(keysOf([prod, test]));
      expect(active).toContainEqual(prod);
      expect(active).toContainEqual(test);
    });

    it('listActive() drops an incident that became inactive, and takes it up again', async () => {
      const incident = incidentOf('prod');
      await store.write(incident, null);
      await store.write({ ...incident, isActive: false, revision: 2 }, 1);
      expect(await store.listActive()).toEqual([]);

      const again = { ...incident, revision: 3 };
      await store.write(again, 2);

      expect(await store.listActive()).toEqual([again]);
    });

    it('listActive() returns only the newest incident of a story', async () => {
      const first = incidentOf('prod');
      await store.write(first, null);
      const second: Incident = { ...first, id: `${first.story.key}|later`, revision: 2 };

      await store.write(second, 1);

      expect(await store.listActive()).toEqual([second]);
    });

    it('listActive() returns more than one page of a table', async () => {
      const stages = Array.from({ length: 8 }, (_, index) => `stage-${index}`);
      const incidents = stages.map((stage): Incident => {
        const incident = incidentOf(stage);
        return { ...incident, scope: { ...incident.scope, apiName: 'x'.repeat(200_000) } };
      });
      for (const incident of incidents) await store.write(incident, null);

      expect(keysOf(await store.listActive())).toEqual(keysOf(incidents));
    });
  });
}
