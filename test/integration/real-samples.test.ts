import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { replayJson } from '#test/integration/run-cli.ts';

/** Logs that others have published. They are no part of this repository, and lie beside it where there are any. */
const FOLDER = fileURLToPath(new URL('../../../shared/samples', import.meta.url));

/** Access logs in JSON; the folder holds execution logs and other formats, too. */
const IN_SCOPE = /^(access-rest-json-.*|access-rest-nested-json-.*|DERIVED-access-rest)\.jsonl$/;

/** What INDEX.md of the folder, and a look at the lines, say about each of them. */
const EXPECTED = {
  'DERIVED-access-rest.jsonl': {
    total: 10,
    unidentified: 10,
    byStatus: { 200: 4, 401: 2, 403: 4 },
    byCause: { unknown: 6 },
  },
  'access-rest-json-moj-400.jsonl': {
    total: 1,
    unidentified: 1,
    byStatus: { 400: 1 },
    byCause: { unknown: 1 },
  },
  'access-rest-json-waf-401-403-200.jsonl': {
    total: 24,
    unidentified: 0,
    byStatus: { 200: 8, 401: 4, 403: 12 },
    byCause: { 'waf.blocked': 6, 'backend.4xx': 6, 'auth.unauthorized': 4 },
  },
  'access-rest-nested-json-transformer-test.jsonl': {
    total: 1,
    unidentified: 0,
    byStatus: { 200: 1 },
    byCause: {},
  },
};

const isThere = existsSync(FOLDER);
const names = isThere ? readdirSync(FOLDER).filter((name) => IN_SCOPE.test(name)) : [];

if (!isThere) console.warn('real samples: absent. The tests against published logs do not run.');

/** Counts the statuses of a log without any code of the product. */
function countStatuses(name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of readFileSync(join(FOLDER, name), 'utf8').trimEnd().split('\n')) {
    const { status, httpStatusCode } = JSON.parse(line) as { status?: string; httpStatusCode?: string };
    const key = status ?? httpStatusCode ?? 'none';
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe.skipIf(!isThere).concurrent('gatewatch replay of published logs', () => {
  it('the folder of published logs holds all that are expected', () => {
    expect(names).toEqual(expect.arrayContaining(Object.keys(EXPECTED)));
  });

  it.each(Object.entries(EXPECTED))(
    'replay counts %s as its publisher describes it',
    async (name, expected) => {
      const file = join(FOLDER, name);

      const { code, stderr, report } = await replayJson([file]);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(report.input).toMatchObject({
        files: [{ name: file, lines: expected.total }],
        linesRead: expected.total,
        rejected: {},
        unreadable: [],
      });
      expect(report.requests).toEqual(expected);
    },
  );

  it.each(names)(
    'replay rejects no line of %s and counts its statuses as a plain reading does',
    async (name) => {
      const { report } = await replayJson([join(FOLDER, name)]);

      expect(report.input.rejected).toEqual({});
      expect(report.requests.byStatus).toEqual(countStatuses(name));
    },
  );
});
