import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJson, ROOT } from '#test/integration/run-cli.ts';

/** Logs that others have published. They are no part of this repository, and lie beside it where there are any. */
const FOLDER = join(ROOT, '../shared/samples');

const isThere = existsSync(FOLDER);

if (!isThere) console.warn('real samples: absent. The tests of parse against published logs do not run.');

type Told = readonly [status: number | null, cause: string | null, integrationLatencyMs: number | null];

const times = (count: number, told: Told): Told[] => Array<Told>(count).fill(told);

/** AWS's templates say nothing about causes. */
const DERIVED = [
  ...times(4, [200, null, null]),
  ...times(2, [401, 'unknown', null]),
  ...times(4, [403, 'unknown', null]),
];

/** What INDEX.md of the folder, and a look at the lines, say; in an order of their own. */
const EXPECTED: Readonly<Record<string, readonly Told[]>> = {
  'DERIVED-access-rest-clf-2023-template.log': DERIVED,
  'DERIVED-access-rest-clf-2026-template.log': DERIVED,
  'DERIVED-access-rest-xml.log': DERIVED,
  'DERIVED-access-rest.csv': DERIVED,
  'DERIVED-access-rest.jsonl': DERIVED,
  'access-rest-json-moj-400.jsonl': [[400, 'unknown', null]],
  'access-rest-nested-json-transformer-test.jsonl': [[200, null, 48]],
  'exec-rest-authorizer-401.txt': [[null, 'auth.unauthorized', null]],
  'exec-rest-ericallam-lambda-timeout-502.subscription.json': [[502, 'integration.function-error', 11_029]],
  'exec-rest-ericallam-method-throttle-429.subscription.json': [[429, 'throttle.method', null]],
  'exec-rest-jazz-info-200x2.subscription.json': times(2, [200, null, null]),
  'exec-rest-test-invoke-200-awsdocs.txt': [[200, null, 328]],
  'exec-rest-usage-plan-429.txt': [
    ...times(2, [null, 'throttle.quota', null]),
    [null, 'throttle.usage-plan', null],
  ],
};

/** Only of what is given: latencies differ from request to request. */
const WAF = 'access-rest-json-waf-401-403-200.jsonl';

/** A document with a payload in it, of the log of a function. */
const NO_LOG = 'subscription-envelope-jazz_es.json';

function count(requests: readonly { status: number | null; cause: string | null }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, cause } of requests)
    counts[`${status} ${cause}`] = (counts[`${status} ${cause}`] ?? 0) + 1;
  return counts;
}

describe.skipIf(!isThere).concurrent('gatewatch parse of published logs', () => {
  it('all files of the folder are tried', () => {
    const logs = readdirSync(FOLDER).filter((name) => name !== 'INDEX.md');

    expect([...Object.keys(EXPECTED), WAF, NO_LOG]).toEqual(expect.arrayContaining(logs));
  });

  it.each(Object.entries(EXPECTED))(
    'parse tells the requests of %s, and rejects no line',
    async (name, told) => {
      const { code, requests, stderr } = await parseJson([join(FOLDER, name)]);

      const found = requests.map(({ status, cause, integrationLatencyMs }) => [
        status,
        cause,
        integrationLatencyMs,
      ]);
      expect(code).toBe(0);
      expect(found.sort()).toEqual([...told].sort());
      expect(stderr).not.toContain('rejected');
      for (const { route, method } of requests) if (route !== null) expect(method).toMatch(/^[A-Z]+$/);
    },
  );

  it('parse tells the requests that WAF, the authorizer and the integration refused', async () => {
    const { requests, stderr } = await parseJson([join(FOLDER, WAF)]);

    expect(stderr).not.toContain('rejected');
    expect(count(requests)).toEqual({
      '200 null': 8,
      '401 auth.unauthorized': 4,
      '403 backend.4xx': 6,
      '403 waf.blocked': 6,
    });
    for (const { path, errorMessage } of requests) {
      expect(path).toMatch(/^\/prod\/(Python|Node)Resource$/);
      expect([null, 'Unauthorized', 'Forbidden']).toContain(errorMessage);
    }
  });

  it('parse says of the log of a function that it is none', async () => {
    const { code, requests, stderr } = await parseJson([join(FOLDER, NO_LOG)]);

    expect({ code, requests }).toEqual({ code: 0, requests: [] });
    expect(stderr).toContain('rejected    3 unknown-format');
  });

  it('parse tells all of the folder at once as its files one by one', async () => {
    const names = [...Object.keys(EXPECTED), WAF].filter((name) => !name.startsWith('DERIVED'));
    const paths = names.map((name) => join(FOLDER, name));

    const [all, ...each] = await Promise.all(
      [paths, ...paths.map((path) => [path])].map((args) => parseJson(args)),
    );

    const texts = (runs: typeof each) =>
      runs.flatMap(({ requests }) => requests.map((one) => JSON.stringify(one))).sort();
    expect(texts(all === undefined ? [] : [all])).toEqual(texts(each));
  });
});
