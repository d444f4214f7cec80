import { readFile } from 'node:fs/promises';
import picocolors from 'picocolors';
import { expect, it } from 'vitest';
import { renderDryRun } from '#cli/render/setup-text.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';
import { DAY } from '#shared/domain/simulation/scenarios/day.ts';
import { simulateRequests } from '#shared/domain/simulation/simulate-requests.ts';
import { writeAccessLogLine } from '#shared/domain/simulation/write-access-log-line.ts';
import { exampleDryRun } from '#test/fakes/example-dry-run.ts';

const DOCS = new URL('../../../docs/', import.meta.url);

it('docs/examples/setup.txt is what setup prints for an account with good and bad stages', async () => {
  const text = renderDryRun(await exampleDryRun(), { colors: picocolors.createColors(false), columns: 100 });

  await expect(text).toMatchFileSnapshot('../../../docs/examples/setup.txt');
});

it('the formats that docs/log-formats.md shows are those that setup recommends', async () => {
  const page = await readFile(new URL('log-formats.md', DOCS), 'utf8');

  expect([...page.matchAll(/```json\n(.*)\n```/g)].map(([, format]) => format)).toEqual([
    RECOMMENDED_FORMATS.REST,
    RECOMMENDED_FORMATS.HTTP,
    RECOMMENDED_FORMATS.WEBSOCKET,
  ]);
});

it.each(['REST', 'HTTP'] as const)(
  'what simulate writes of %s APIs is in the format that setup recommends',
  (apiType) => {
    const { stages } = DAY.create({ quota: { rateRps: 1_000, burst: 500 }, region: 'us-east-1', dayMs: 0 });
    const stage = stages.find(({ item }) => item.apiType === apiType);
    const scenario = DAY.create({ quota: { rateRps: 1_000, burst: 500 }, region: 'us-east-1', dayMs: 0 });
    const [request] = simulateRequests(scenario, () => 0.5);
    if (request === undefined || stage === undefined) throw new Error('The scenario has no such request');
    const line = writeAccessLogLine({ ...request, stage }, '123456789012', 1);

    expect(Object.keys(JSON.parse(line) as object).sort()).toEqual(
      Object.keys(JSON.parse(RECOMMENDED_FORMATS[apiType]) as object).sort(),
    );
  },
);
