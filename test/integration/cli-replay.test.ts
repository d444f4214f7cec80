import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { calmLines, hourWithOutage, LOG_START_MS } from '#test/fakes/access-log-lines.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { ROOT, replayJson, runCli } from '#test/integration/run-cli.ts';

const FIXTURES = 'test/fixtures/access-logs';

/** Of the formats that say nothing of causes, 429 is told alone. */
const UNEXPLAINED = {
  byCause: { unknown: 6, 'throttle.unknown-level': 1 },
  unidentified: 8,
  repaired: 0,
};
const REST_TEMPLATE = {
  byStatus: { 200: 1, 400: 1, 401: 1, 403: 2, 429: 1, 502: 1, 504: 1 },
  ...UNEXPLAINED,
};
const HTTP_TEMPLATE = {
  byStatus: { 200: 1, 400: 1, 401: 1, 403: 1, 404: 1, 429: 1, 502: 1, 504: 1 },
  ...UNEXPLAINED,
};
const WEBSOCKET_TEMPLATE = {
  byStatus: { 200: 3, 400: 1, 401: 1, 403: 1, 429: 1, 500: 1 },
  byCause: { unknown: 4, 'throttle.unknown-level': 1 },
  unidentified: 8,
  repaired: 0,
};

/** What each fixture has to be counted as; test/fixtures/SOURCES.md says what is in it. */
const EXPECTED = {
  'http-api-template.jsonl': HTTP_TEMPLATE,
  'http-clf.log': HTTP_TEMPLATE,
  'http-csv.log': HTTP_TEMPLATE,
  'http-xml.log': HTTP_TEMPLATE,
  'rest-aws-template.jsonl': REST_TEMPLATE,
  'rest-clf-cloudformation.log': REST_TEMPLATE,
  'rest-clf-with-space.log': REST_TEMPLATE,
  'rest-clf-without-space.log': REST_TEMPLATE,
  'rest-csv.log': REST_TEMPLATE,
  'rest-pairs.log': REST_TEMPLATE,
  'rest-damaged.jsonl': {
    byStatus: { 200: 1, 400: 1, 401: 1, 403: 2, 429: 1, 502: 1, 504: 1 },
    byCause: {
      'client.validation': 1,
      'auth.unauthorized': 1,
      'waf.blocked': 1,
      'backend.4xx': 1,
      'throttle.backend': 1,
      'integration.function-error': 1,
      'integration.timeout': 1,
    },
    unidentified: 0,
    repaired: 8,
  },
  'rest-nested.jsonl': {
    byStatus: { 200: 1, 400: 1, 401: 1, 403: 2, 429: 1, 502: 1, 504: 1 },
    byCause: {
      'backend.4xx': 1,
      'auth.unauthorized': 1,
      'waf.blocked': 1,
      'auth.missing-token': 1,
      'throttle.backend': 1,
      'integration.malformed-response': 1,
      'integration.network': 1,
    },
    unidentified: 0,
    repaired: 0,
  },
  'rest-recommended.jsonl': {
    byStatus: { 200: 1, 400: 1, 401: 1, 403: 2, 429: 1, 502: 1, 504: 1 },
    byCause: {
      'client.validation': 1,
      'auth.unauthorized': 1,
      'waf.blocked': 1,
      'client.unknown-route': 1,
      'throttle.unknown-level': 1,
      'integration.function-error': 1,
      'integration.timeout': 1,
    },
    unidentified: 0,
    repaired: 0,
  },
  'rest-snake-case.jsonl': {
    byStatus: { 200: 1, 400: 1, 401: 1, 403: 2, 429: 1, 502: 1, 504: 1 },
    byCause: {
      'client.validation': 1,
      'auth.unauthorized': 1,
      'waf.blocked': 1,
      'client.unknown-route': 1,
      'throttle.quota': 1,
      'backend.5xx': 1,
      'integration.timeout': 1,
    },
    unidentified: 0,
    repaired: 0,
  },
  'rest-xml.log': REST_TEMPLATE,
  'websocket-clf.log': WEBSOCKET_TEMPLATE,
  'websocket-csv.log': WEBSOCKET_TEMPLATE,
  'websocket-template.jsonl': WEBSOCKET_TEMPLATE,
  'websocket-xml.log': WEBSOCKET_TEMPLATE,
  'rest-unquoted-numbers.jsonl': {
    byStatus: { 200: 1, 400: 1, 401: 1, 403: 2, 429: 1, 502: 1, 504: 1 },
    byCause: {
      'auth.unauthorized': 1,
      'waf.blocked': 1,
      'backend.4xx': 2,
      'backend.5xx': 2,
      'throttle.backend': 1,
    },
    unidentified: 0,
    repaired: 2,
  },
};

const temp = makeTempFolder();
afterAll(temp.remove);

describe.concurrent('gatewatch replay', () => {
  it.each(Object.entries(EXPECTED))('replay --json counts every line of %s', async (name, expected) => {
    const { byStatus, byCause, unidentified, repaired } = expected;

    const { code, stderr, report } = await replayJson([`${FIXTURES}/${name}`]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.input).toEqual({
      files: [{ name: `${FIXTURES}/${name}`, lines: 8 }],
      logGroups: [],
      linesRead: 8,
      repaired,
      rejected: {},
      firstRejects: [],
      outsideRange: 0,
      executionLines: 0,
      executionRejected: {},
      repeatedLines: 0,
      envelopes: 1,
      unreadable: [],
    });
    const total = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
    expect(report.requests).toEqual({ total, unidentified, byStatus, byCause });
    expect(report.range).toEqual({ from: '2026-03-02T10:00:00.000Z', to: '2026-03-02T10:02:00.000Z' });
    expect(report.stages.reduce((sum, { requests }) => sum + requests, 0)).toBe(total);
  });

  it('replay --json gives the stage, its errors and its latency', async () => {
    const { report } = await replayJson([`${FIXTURES}/rest-recommended.jsonl`]);

    expect(report.stages).toMatchObject([
      {
        apiId: 'a1fixture1',
        apiName: 'a1fixture1',
        stage: 'prod',
        requests: 8,
        clientErrors: 5,
        serverErrors: 2,
        throttled: 1,
        latencyMs: { p50: 5, p90: 29_006, p99: 29_006 },
        integrationLatencyMs: { p50: 110, p90: 29_000, p99: 29_000 },
      },
    ]);
    expect(report.headroom).toMatchObject({ quotaRps: 10_000, quotaBurst: 5_000, peakRps: 1 });
  });

  it('replay reads a folder, files and gzip together and names each with its lines', async () => {
    const first = temp.write('logs/deep/a.log.gz', gzipSync(calmLines(3).join('\n')));
    const second = temp.write('logs/b.jsonl', `\n${calmLines(2).join('\n\n')}\n`);
    temp.write('logs/README.md', 'no log');
    const third = join(ROOT, FIXTURES, 'rest-nested.jsonl');

    const { code, report } = await replayJson([join(temp.path, 'logs'), third]);

    expect(code).toBe(0);
    expect(report.input.files).toEqual([
      { name: second, lines: 2 },
      { name: first, lines: 3 },
      { name: third, lines: 8 },
    ]);
    expect(report.input.linesRead).toBe(13);
    expect(report.requests.total).toBe(13);
  });

  it('replay reads standard input as -, plain or gzip', async () => {
    const bytes = readFileSync(join(ROOT, FIXTURES, 'rest-recommended.jsonl'));

    const [plain, gzip] = await Promise.all([
      replayJson(['-'], { stdin: bytes }),
      replayJson(['-'], { stdin: gzipSync(bytes) }),
    ]);

    const { byStatus, byCause } = EXPECTED['rest-recommended.jsonl'];
    expect(plain.report.requests).toMatchObject({ byStatus, byCause });
    expect(plain.report.input.files).toEqual([{ name: '-', lines: 8 }]);
    expect(gzip.report).toEqual(plain.report);
  });

  it('replay --since takes its own time and --until does not', async () => {
    const file = temp.write('minutes.log', hourWithOutage().join('\n'));
    const at = (minute: number): string => new Date(LOG_START_MS + minute * 60_000).toISOString();

    const { report } = await replayJson([file, '--since', at(10), '--until', at(15)]);

    expect(report.requests.total).toBe(300);
    expect(report.input).toMatchObject({ linesRead: 3_600, outsideRange: 3_300, rejected: {} });
    expect(report.range).toEqual({ from: at(10), to: at(15) });
  });

  it('replay says on the report how many lines --since left out, even if it was all', async () => {
    const file = temp.write('early.log', calmLines(5).join('\n'));

    const { code, stdout } = await runCli(['replay', file, '--since', '2027-01-01']);

    expect(code).toBe(0);
    expect(stdout).toContain('skipped   5 outside of --since and --until');
  });
});
