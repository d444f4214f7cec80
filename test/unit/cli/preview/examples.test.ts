import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '#cli/preview/examples.ts';
import { PREVIEW_STATES, playExample } from '#cli/preview/play-example.ts';
import { playStates } from '#cli/preview/play-states.ts';
import { FINDING_KINDS } from '#test/fakes/kinds.ts';

function play(name: string, state: (typeof PREVIEW_STATES)[number]) {
  const example = EXAMPLES.find((one) => one.name === name);
  if (example === undefined) throw new Error(`No example is called ${name}`);
  return playStates(playExample(example, state), 'bot', (summary) => summary);
}

describe('examples', () => {
  it('EXAMPLES have every kind of finding', () => {
    const kinds = EXAMPLES.flatMap((example) =>
      playExample(example, 'opened').flatMap(({ incident }) => incident.findings.map(({ kind }) => kind)),
    );

    expect(new Set(kinds)).toEqual(new Set(FINDING_KINDS));
  });

  it.each(EXAMPLES.map(({ name }) => name))(
    'playExample() keeps %s one story, without gaps in words',
    (name) => {
      for (const state of PREVIEW_STATES) {
        const posted = play(name, state);

        expect(posted).toHaveLength(1);
        expect(posted.map(({ text }) => text).join('\n')).not.toMatch(
          /NaN|undefined|null|\[object|Infinity|\b0 rps/,
        );
      }
    },
  );

  it.each([
    ['opened', 'opened', []],
    ['worse', 'opened', [true]],
    ['unknown', 'unknown', [false]],
    ['closed', 'closed', [true, true]],
  ] as const)('playStates() tells the account’s story up to %s', (state, announcement, broadcasts) => {
    const [posted] = play('account-exhausted', state);

    expect(posted?.summary.announcement).toBe(announcement);
    expect(posted?.replies.map(({ isBroadcast }) => isBroadcast)).toEqual(broadcasts);
  });
});
