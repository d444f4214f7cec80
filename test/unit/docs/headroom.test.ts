import { readFile } from 'node:fs/promises';
import picocolors from 'picocolors';
import { expect, it } from 'vitest';
import { renderHeadroom } from '#cli/render/headroom-text.ts';
import { climbingAccount, exhaustedAccount } from '#test/fakes/example-headroom.ts';

const STYLE = { colors: picocolors.createColors(false), columns: 120 };

it('docs/examples/headroom.txt is what headroom prints for a growing and for an exhausted account', async () => {
  const surveys = await Promise.all([climbingAccount(), exhaustedAccount()]);
  const text = surveys.map((survey) => `$ gatewatch headroom\n${renderHeadroom(survey, STYLE)}`).join('\n');

  await expect(text).toMatchFileSnapshot('../../../docs/examples/headroom.txt');
});

it('README.md shows what headroom prints for an exhausted account', async () => {
  const page = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');

  expect(page).toContain(`\`\`\`\n${renderHeadroom(await exhaustedAccount(), STYLE)}\`\`\`\n`);
});
