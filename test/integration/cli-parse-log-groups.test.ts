import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogGroupEvent } from '#shared/application/ports.ts';
import { type CloudWatchLogsServer, startCloudWatchLogs } from '#test/fakes/cloudwatch-logs-server.ts';
import { createLogGroupStore } from '#test/fakes/log-group-store.ts';
import { AWS_CREDENTIALS, parseJson, ROOT } from '#test/integration/run-cli.ts';

const FOLDER = 'test/fixtures/both-kinds';
const ORDERS = '/aws/api-gateway/orders';
const EXECUTION = 'API-Gateway-Execution-Logs_a1fixture1/prod';
const HOUR = ['--since', '2026-03-02T10:00Z', '--until', '2026-03-02T11:00Z'];
const START_MS = Date.parse('2026-03-02T10:00:00Z');

function linesOf(name: string): string[] {
  return readFileSync(join(ROOT, FOLDER, name), 'utf8')
    .trimEnd()
    .split('\n');
}

function eventOf(message: string, index: number, timestamp: number, group: string): LogGroupEvent {
  return { id: group.length + String(index).padStart(54, '0'), timestamp, message, logStream: 'stream' };
}

describe('gatewatch parse --log-group', () => {
  let server: CloudWatchLogsServer;
  let env: Readonly<Record<string, string | undefined>>;

  beforeAll(async () => {
    const store = createLogGroupStore();
    const access = linesOf('access.jsonl').map((line, index) =>
      eventOf(line, index, START_MS + index, ORDERS),
    );
    const execution = linesOf('execution.log').map((line, index) =>
      eventOf(line.slice(25), index, Date.parse(line.slice(0, 24)), EXECUTION),
    );
    store.write(ORDERS, access);
    store.write(EXECUTION, execution);
    server = await startCloudWatchLogs(store, [], 1_000);
    env = { ...AWS_CREDENTIALS, AWS_ENDPOINT_URL: server.url };
  });
  afterAll(() => server.stop());

  it('parse joins the requests of two groups as those of two files, each group read once', async () => {
    const [groups, files] = await Promise.all([
      parseJson(['--log-group', ORDERS, EXECUTION, ...HOUR], { env }),
      parseJson([FOLDER]),
    ]);

    expect(groups?.code).toBe(0);
    expect(groups?.requests.slice(0, 21)).toEqual(files?.requests.slice(0, 21));
    expect(groups?.stderr).toContain('joined      18 requests of both kinds of lines\n');
    expect(server.requests).toHaveLength(2);
  });

  it('parse names events of a group by their ids', async () => {
    const { stderr } = await parseJson(['--log-group', ORDERS, '--kind', 'execution', ...HOUR], { env });

    expect(stderr).toMatch(
      /rejected {4}21 not-execution-log, first \/aws\/api-gateway\/orders event \d{56}\n/,
    );
  });

  it('parse says which group is not there, and fails', async () => {
    const { code, stderr } = await parseJson(['--log-group', 'absent', ...HOUR], { env });

    expect(code).toBe(2);
    expect(stderr).toBe('error: log group absent: there is none in us-east-1; is it the right --region?\n');
  });
});
