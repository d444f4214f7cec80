import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';
import { PARSED_FIELDS } from '#test/fakes/parsed-request.ts';
import { payload, subscriptionEvent } from '#test/fakes/subscription-payloads.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { environmentWith, parseJson, ROOT, runCli } from '#test/integration/run-cli.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

const FOLDER = 'test/fixtures/both-kinds';
const ACCESS = `${FOLDER}/access.jsonl`;
const EXECUTION = `${FOLDER}/execution.log`;
const EXECUTION_GROUP = 'API-Gateway-Execution-Logs_a1fixture1/prod';

/** What SOURCES.md says of the requests, in their order: status, cause by the access line alone, and by both kinds. */
const CAUSES = [
  [200, null, null],
  [429, 'throttle.unknown-level', 'throttle.method'],
  [429, 'throttle.unknown-level', 'throttle.usage-plan'],
  [429, 'throttle.unknown-level', 'throttle.quota'],
  [429, 'throttle.unknown-level', 'throttle.unknown-level'],
  [401, 'auth.unauthorized', 'auth.unauthorized'],
  [403, 'auth.denied', 'auth.denied'],
  [403, 'waf.blocked', 'waf.blocked'],
  [403, 'auth.signature', 'auth.signature'],
  [400, 'client.malformed', 'client.validation'],
  [502, 'integration.function-error', 'integration.malformed-response'],
  [502, 'integration.function-error', 'integration.function-error'],
  [500, 'gateway.internal', 'integration.concurrency'],
  [500, 'gateway.internal', 'integration.permission'],
  [500, 'gateway.internal', 'gateway.configuration'],
  [504, 'integration.network', 'integration.network'],
  [504, 'integration.timeout', 'integration.timeout'],
  [500, 'auth.authorizer-misconfigured', 'auth.authorizer-misconfigured'],
  [404, 'backend.4xx', 'backend.4xx'],
  [503, 'backend.5xx', 'backend.5xx'],
  [500, 'gateway.internal', 'gateway.internal'],
] as const;

function linesOf(file: string): string[] {
  return readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n');
}

/** The execution log as CloudWatch Logs delivers it: events without time before the text. */
function executionPayloads(): string[] {
  return linesOf(EXECUTION).map((text, batch) =>
    JSON.stringify(
      payload([text.slice(25)], {
        logGroup: EXECUTION_GROUP,
        batch,
        timestamp: Date.parse(text.slice(0, 24)),
      }),
    ),
  );
}

/** Of a request that only execution lines tell of, the group alone may name API and stage. */
function stageOfGroup({ responseLatencyMs }: ParsedRequest) {
  return responseLatencyMs === null ? { apiId: 'a1fixture1', stage: 'prod' } : {};
}

describe.concurrent('gatewatch parse', () => {
  it('parse tells every request of an access log with all fields in their order', async () => {
    const { code, requests, stderr } = await parseJson([ACCESS]);

    expect(code).toBe(0);
    expect(stderr).toBe(`read        21 lines of ${ACCESS}: 21 requests\n`);
    expect(requests.map(({ status, cause }) => [status, cause])).toEqual(
      CAUSES.map(([status, cause]) => [status, cause]),
    );
    for (const request of requests) expect(Object.keys(request)).toEqual(PARSED_FIELDS);
  });

  it('parse joins both kinds by request id, and tells the cause that is more exact', async () => {
    const { requests, stderr } = await parseJson([ACCESS, EXECUTION]);

    expect(requests.slice(0, 21).map(({ status, cause }) => [status, cause])).toEqual(
      CAUSES.map(([status, , cause]) => [status, cause]),
    );
    expect(stderr).toContain('joined      18 requests of both kinds of lines\n');
    expect(requests[0]).toMatchObject({
      path: '/orders/17',
      responseLatencyMs: 51,
      integrationLatencyMs: 41,
      xrayTraceId: '1-69a562e0-000000000000000000000001',
      endpointRequestId: '44444444-0000-4000-8000-000000000001',
      complete: true,
      logsBodies: false,
    });
    expect(requests[2]).toMatchObject({
      throttleLayer: 'usage-plan',
      throttleLimitRps: 5,
      usagePlanId: 'plan01',
    });
    expect(requests[21]).toMatchObject({ status: null, cause: 'auth.unauthorized', authorizer: 'refused' });
  });

  it('parse masks what messages quote, and prints nothing of bodies and functions', async () => {
    const { stdout } = await runCli(['parse', FOLDER]);

    expect(stdout).toContain('… not a valid key=value pair (missing equal-sign) in Authorization header: …');
    expect(stdout).not.toContain('s3cret');
  });

  it('parse tells the same requests whatever the order of sources, and of payloads as of files', async () => {
    const execution = executionPayloads();
    const payloads = temp.write('execution.json', execution.join('\n'));
    const reversed = temp.write('reversed.json', execution.reverse().join(''));
    const packed = temp.write(
      'access.json',
      JSON.stringify(subscriptionEvent(payload(linesOf(ACCESS), { timestamp: 1 }))),
    );
    const events = linesOf(EXECUTION).map((text) => ({
      timestamp: Date.parse(text.slice(0, 24)),
      message: text.slice(25),
    }));
    const listed = temp.write('listed.json', JSON.stringify({ events }, null, 4));
    const mixed = temp.write('mixed.log', [...linesOf(ACCESS), ...linesOf(EXECUTION)].join('\n'));

    const runs = await Promise.all(
      [
        [FOLDER],
        [listed, ACCESS],
        [ACCESS, EXECUTION],
        [EXECUTION, ACCESS],
        [ACCESS, payloads],
        [reversed, packed],
        [mixed],
      ].map((args) => parseJson(args)),
    );

    const [first, ...others] = runs.map(({ requests }) =>
      requests.map((each) => JSON.stringify({ ...each, ...stageOfGroup(each) })).sort(),
    );
    expect(first).toHaveLength(22);
    for (const other of others) expect(other).toEqual(first);
  });

  it('parse reads both kinds from standard input', async () => {
    const stdin = [...linesOf(ACCESS), ...linesOf(EXECUTION)].join('\n');

    const { requests, stderr } = await parseJson(['-'], { stdin });

    expect(requests).toHaveLength(22);
    expect(stderr).toContain('joined      18 requests');
  });

  it('parse says how many requests could not wait for execution lines behind them, and none where those came first', async () => {
    const [line = ''] = linesOf(ACCESS);
    const more = Array.from({ length: 6_000 }, (_, index) =>
      line.replaceAll('3333-0000', `${index}`).replace('FIXc', `MORE${index}`),
    );
    const access = temp.write('many.log', [...linesOf(ACCESS), ...more].join('\n'));
    const mixed = temp.write(
      'many-mixed.log',
      [...linesOf(ACCESS), ...more, ...linesOf(EXECUTION)].join('\n'),
    );

    const [apart, together] = await Promise.all(
      [[access, EXECUTION], [mixed]].map((args) => parseJson(args)),
    );

    expect(apart?.stderr).toContain('joined      18 requests');
    expect(apart?.stderr).not.toContain('not waited');
    expect(together?.requests).toHaveLength(6_040);
    expect(together?.stderr).toContain('not waited  1,021 requests of access lines');
  });

  it('parse with --kind reads one kind and rejects the other', async () => {
    const [access, execution] = await Promise.all(
      ['access', 'execution'].map((kind) => parseJson([FOLDER, '--kind', kind])),
    );

    expect(access?.requests).toHaveLength(21);
    expect(access?.stderr).toContain(`rejected    104 not-access-log, first ${EXECUTION}:1\n`);
    expect(execution?.requests).toHaveLength(19);
    expect(execution?.stderr).toContain(`rejected    21 not-execution-log, first ${ACCESS}:1\n`);
  });

  it('parse counts rejects by reason with the first of each, and repaired lines, which are not complete', async () => {
    const [first = ''] = linesOf(ACCESS);
    const damaged = first.replace('"stage":"prod"', '"stage":"prod","userAgent":"a "quoted" one"');
    const file = temp.write(
      'damaged.log',
      [first, '{"cut":', 'text', '{"cut":', damaged, '{"level":"info"}'].join('\n'),
    );

    const { code, requests, stderr } = await parseJson([file]);

    expect(code).toBe(0);
    expect(requests.map(({ complete }) => complete)).toEqual([true, false]);
    expect(stderr).toContain(`rejected    1 not-access-log, first ${file}:6\n`);
    expect(stderr).toContain(`rejected    2 not-json, first ${file}:2\n`);
    expect(stderr).toContain(`rejected    1 unknown-format, first ${file}:3\n`);
    expect(stderr).toContain('repaired    1 line\n');
  });

  it('parse names rejects of payloads by line and event, and leaves out what comes again', async () => {
    const each = JSON.stringify(payload([...linesOf(ACCESS).slice(0, 2), 'text']));
    const file = temp.write('twice.json', `${each}\n${each}\n`);

    const { requests, stderr } = await parseJson([file]);

    expect(requests).toHaveLength(2);
    expect(stderr).toMatch(/rejected {4}2 unknown-format, first \S+twice\.json:1 event 3*1\d*2\n/);
    expect(stderr).toMatch(/rejected {4}2 repeated, first \S+twice\.json:2 event /);
  });

  it('parse with --since and --until writes only requests of that time', async () => {
    const { requests, stderr } = await parseJson([
      FOLDER,
      '--since',
      '2026-03-02T10:00:05Z',
      '--until',
      '2026-03-02T10:00:07Z',
    ]);

    expect(requests.map(({ status }) => status)).toEqual([429, 401]);
    expect(stderr).toContain('skipped     20 requests outside of --since and --until\n');
  });

  it('parse ends quietly when its reader has seen enough', async () => {
    const [line = ''] = linesOf(ACCESS);
    const file = temp.write('long.log', `${line}\n`.repeat(20_000));
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'cli/main.ts', 'parse', file, '--kind', 'access'],
      {
        cwd: ROOT,
        env: environmentWith(),
      },
    );
    const errors: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.stdout.once('data', () => child.stdout.destroy());

    const code = await new Promise((resolve) => child.once('close', resolve));

    expect({ code, stderr: Buffer.concat(errors).toString() }).toEqual({ code: 0, stderr: '' });
  });

  it('parse warns of what holds nothing, and succeeds', async () => {
    const empty = temp.write('empty.log', '');
    const text = temp.write('notes.txt', 'hello\n');

    expect(await parseJson([empty])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `warning: ${empty} has no lines\n`,
    });
    const run = await parseJson([text]);
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(run.stderr).toContain('warning: none of the lines tells of a request that Gatewatch can read');
  });

  it('parse fails for what it cannot read, and writes the rest', async () => {
    const binary = temp.write('binary.log', Buffer.alloc(10));

    const { code, requests, stderr } = await parseJson([binary, ACCESS]);

    expect(code).toBe(2);
    expect(requests).toHaveLength(21);
    expect(stderr).toContain(`error: ${binary}: is binary, not a text log\n`);
  });

  it.each([
    [['parse'], 'error: nothing to parse: name files, folders, - for standard input, or --log-group\n'],
    [['parse', 'absent.log'], 'error: absent.log: no such file or folder\n'],
    [
      ['parse', ACCESS, '--region', 'ireland'],
      "error: option '--region <name>' argument 'ireland' is invalid",
    ],
    [['parse', ACCESS, '--kind', 'both'], "error: option '--kind <kind>' argument 'both' is invalid"],
    [
      ['parse', ACCESS, '--since', '2026-01-02', '--until', '2026-01-01'],
      'error: --since must be before --until\n',
    ],
  ])('%j says what is wrong', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
