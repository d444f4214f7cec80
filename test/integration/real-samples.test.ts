import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type ParsedLine, parseAccessLog } from '#shared/domain/logs/access/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import { replayJson } from '#test/integration/run-cli.ts';

/** Logs that others have published. They are no part of this repository, and lie beside it where there are any. */
const FOLDER = fileURLToPath(new URL('../../../shared/samples', import.meta.url));

/** Access logs in JSON, and some of them in the other formats; the folder holds execution logs, too. */
const IN_SCOPE = /^(access-rest-(json|nested-json)-.*\.jsonl|DERIVED-access-rest.*)$/;

/** The same ten requests in AWS's formats. */
const DERIVED = {
  total: 10,
  unidentified: 10,
  byStatus: { 200: 4, 401: 2, 403: 4 },
  byCause: { unknown: 6 },
};

/** What INDEX.md of the folder, and a look at the lines, say about each of them. */
const EXPECTED = {
  'DERIVED-access-rest-clf-2023-template.log': DERIVED,
  'DERIVED-access-rest-clf-2026-template.log': DERIVED,
  'DERIVED-access-rest-xml.log': DERIVED,
  'DERIVED-access-rest.csv': DERIVED,
  'DERIVED-access-rest.jsonl': DERIVED,
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

function linesOf(name: string): string[] {
  return readFileSync(join(FOLDER, name), 'utf8').trimEnd().split('\n');
}

/** What each line of a log says of its request. */
function requestsOf(name: string): ParsedLine[] {
  const readLine = createReadAccessLogLine();
  return linesOf(name).map((line) => parseAccessLog(readLine, line, 0));
}

/** Counts the statuses of a log in JSON without any code of the product. */
function countStatuses(name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of linesOf(name)) {
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
        repaired: 0,
        rejected: {},
        unreadable: [],
      });
      expect(report.requests).toEqual(expected);
    },
  );

  it.each(Object.keys(EXPECTED).filter((name) => name.startsWith('DERIVED-') && !name.endsWith('.jsonl')))(
    'the requests of %s are those of the same log in JSON, with ids, route and time',
    (name) => {
      const requests = requestsOf(name);

      expect(requests).toEqual(requestsOf('DERIVED-access-rest.jsonl'));
      expect(requests).toHaveLength(10);
    },
  );

  it.each(names.filter((name) => name.endsWith('.jsonl')))(
    'replay rejects no line of %s and counts its statuses as a plain reading does',
    async (name) => {
      const { report } = await replayJson([join(FOLDER, name)]);

      expect(report.input.rejected).toEqual({});
      expect(report.requests.byStatus).toEqual(countStatuses(name));
    },
  );
});
