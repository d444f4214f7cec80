import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '#shared/domain/simulation/scenarios/scenarios.ts';

const DOC = readFileSync(new URL('../../../docs/scenarios.md', import.meta.url), 'utf8');

/** The text under each heading of the second level, by the heading. */
const SECTIONS = new Map(
  DOC.split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
);

describe('docs/scenarios.md', () => {
  it('scenarios.md tells of every scenario and of no other, in their order', () => {
    expect([...SECTIONS.keys()]).toEqual(Object.keys(SCENARIOS));
  });

  it.each(Object.entries(SCENARIOS))(
    'scenarios.md says what is true of %s',
    (name, { summary, truth, quotaRps }) => {
      const sentences = SECTIONS.get(name)
        ?.split('\n')
        .flatMap((line) => (line.startsWith('- ') ? [line.slice(2)] : []));

      expect(sentences).toEqual(truth);
      expect(SECTIONS.get(name)?.toLowerCase()).toContain(`${summary.toLowerCase()}. quota ${quotaRps} rps.`);
    },
  );
});
