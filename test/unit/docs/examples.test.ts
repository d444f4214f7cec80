import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readJsonFile } from '#cli/commands/sample.ts';
import { createFileSource } from '#cli/input/read-log-file.ts';
import { replayLogs } from '#cli/replay/replay-logs.ts';
import { parseInventory } from '#shared/config/inventory.ts';
import { CAUSE_SLUGS, CAUSES } from '#shared/domain/causes/causes.ts';
import { DAY } from '#shared/domain/simulation/scenarios/day.ts';
import { simulateRequests } from '#shared/domain/simulation/simulate-requests.ts';
import { writeAccessLogLine } from '#shared/domain/simulation/write-access-log-line.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';

const DOCS = new URL('../../../docs/', import.meta.url);

it('docs/examples/replay.json is what replay --json prints for docs/examples/access.jsonl', async () => {
  const name = fileURLToPath(new URL('examples/access.jsonl', DOCS));
  const report = await replayLogs({
    sources: [createFileSource({ name, bytes: null })],
    inventory: parseInventory(await readJsonFile(new URL('examples/inventory.json', DOCS))),
    quota: createQuotaStatus({ rateRps: 10_000, burst: 5_000 }),
    account: { accountId: '123456789012', region: 'us-east-1' },
    range: { sinceMs: 0, untilMs: Number.POSITIVE_INFINITY },
    availabilityTargetRatio: 0.999,
    progress: { onRead: () => {}, onEvaluate: () => {}, onMinute: () => {} },
  });
  const printed = JSON.stringify(report, null, 2).replaceAll(fileURLToPath(DOCS), 'docs/');

  await expect(`${printed}\n`).toMatchFileSnapshot('../../../docs/examples/replay.json');
});

it('the format that docs/log-formats.md recommends is what simulate writes, and short enough for AWS', async () => {
  const page = await readFile(new URL('log-formats.md', DOCS), 'utf8');
  const format = /```json\n(.*)\n```/.exec(page)?.[1] ?? '';
  const scenario = DAY.create({ quota: { rateRps: 1_000, burst: 500 }, region: 'us-east-1', dayMs: 0 });
  const requests = simulateRequests(scenario, () => 0.5);
  const keysOf = (apiType: string) => {
    for (const request of requests) {
      if (request.stage.item.apiType !== apiType) continue;
      return Object.keys(JSON.parse(writeAccessLogLine(request, '123456789012', 1)) as object).sort();
    }
    return [];
  };

  expect(keysOf('REST')).toEqual(Object.keys(JSON.parse(format) as object).sort());
  expect(Buffer.byteLength(format)).toBeLessThanOrEqual(3 * 1_024);
});

it('docs/causes.md has the words of the table of causes', async () => {
  const rows = CAUSE_SLUGS.map(
    (slug) => `| \`${slug}\` | ${CAUSES[slug].meaning} | ${CAUSES[slug].nextStep} |`,
  );
  const page = [
    '# Causes',
    '',
    'Why a request failed, as `ErrorCount` and every message name it. Told from response type, phases, messages and the',
    "backend's status, never from the status alone: gateway responses can be customised. `gatewatch causes` prints this table.",
    '',
    '- A request below status 400 has no cause, whatever its response type: who customises a response to a success means one,',
    "  and AWS's own error metrics count the customised status as well.",
    '- Only 413, 414, 429 and 431 tell their cause where the line says nothing else and names no status of an integration: they',
    '  are limits that API Gateway checks before it calls one.',
    '- `backend.*` and `throttle.backend` need the status of an integration and no response type. Where that status is only the',
    "  one of the Lambda service and not the client's, Lambda ran the function: a 502 is then `integration.function-error`, since",
    '  API Gateway answers so to what failed in it; any other status is the function’s own. Lambda’s own 429, 403 or 5xx',
    '  behind a 5xx is `integration.concurrency`, `integration.permission` or `integration.unavailable`.',
    '',
    '| cause | meaning | next step |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');

  await expect(page).toMatchFileSnapshot('../../../docs/causes.md');
});
