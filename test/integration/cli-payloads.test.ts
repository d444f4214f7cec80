import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { calmLines } from '#test/fakes/access-log-lines.ts';
import { type Payload, payload, subscriptionEvent } from '#test/fakes/subscription-payloads.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { ROOT, replayJson, runCli } from '#test/integration/run-cli.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

const LINES = calmLines(300);
const EXECUTION_GROUP = 'API-Gateway-Execution-Logs_a1lines001/prod';

/** The lines in payloads of a hundred. */
const PAYLOADS: readonly Payload[] = [0, 1, 2].map((batch) =>
  payload(LINES.slice(batch * 100, batch * 100 + 100), { batch }),
);

/** AWS's own template says neither API nor stage, and the event has the only time. */
const TEMPLATE_LINE = '{"requestId":"r1","status":"200"}';

/** Published logs, which lie beside this repository where there are any. */
const SAMPLES = join(ROOT, '../shared/samples');

function stage(apiId: string, logGroup: string) {
  return { apiId, apiName: `${apiId}-api`, apiType: 'REST', stage: 'prod', logGroup };
}

describe.concurrent('gatewatch replay of subscription payloads', () => {
  it('replay counts the events of payloads as the lines of a file, packed or not', async () => {
    const plain = temp.write('plain.log', LINES.join('\n'));
    const packed = temp.write(
      'events.json',
      PAYLOADS.map((each) => JSON.stringify(subscriptionEvent(each))).join('\n'),
    );
    const firehose = temp.write(
      'delivery-stream-1.gz',
      Buffer.concat(PAYLOADS.map((each) => gzipSync(JSON.stringify(each)))),
    );

    const [lines, events, objects] = await Promise.all(
      [plain, packed, firehose].map((file) => replayJson([file])),
    );

    expect(lines?.report.requests.total).toBe(300);
    for (const run of [events, objects]) {
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const { input, ...result } = run?.report ?? {};
      const { input: inputOfLines, ...resultOfLines } = lines?.report ?? {};
      expect(result).toEqual(resultOfLines);
      expect(input).toMatchObject({ linesRead: 300, rejected: {}, envelopes: 3 });
    }
  });

  it('replay counts lines as AWS exports or prints them as those of a plain log', async () => {
    const timestamp = Date.parse('2026-03-02T10:00:00Z');
    const list = { events: LINES.map((message) => ({ timestamp, message, ingestionTime: timestamp })) };
    const files = {
      plain: temp.write('exported.log', LINES.join('\n')),
      s3: temp.write('s3.log', LINES.map((line) => `2026-03-02T10:00:00.000Z ${line}`).join('\n')),
      tail: temp.write(
        'tail.log',
        LINES.map((line) => `2026-03-02T10:00:00+00:00 ${'f'.repeat(32)} ${line}`).join('\n'),
      ),
      list: temp.write('list.json', JSON.stringify(list, null, 4)),
    };

    const [plain, ...others] = await Promise.all(
      Object.values(files).map(async (file) => (await replayJson([file])).report.requests),
    );

    expect(plain).toMatchObject({ total: LINES.length });
    expect(others).toEqual([plain, plain, plain]);
  });

  it('replay counts a payload that was delivered twice once, as the deployed pipeline does', async () => {
    const file = temp.write(
      'twice.json',
      [...PAYLOADS, ...PAYLOADS].map((each) => JSON.stringify(each)).join('\n'),
    );

    const { report } = await replayJson([file]);

    expect(report.requests.total).toBe(300);
    expect(report.input).toMatchObject({ linesRead: 600, repeatedLines: 300 });
  });

  it('replay takes the time of the event, and the stage of its group, where the line has none', async () => {
    const inventory = temp.write(
      'two-stages.json',
      JSON.stringify([stage('orders', '/aws/api-gateway/orders'), stage('users', '/aws/api-gateway/users')]),
    );
    const file = temp.write(
      'template.json',
      [
        payload([TEMPLATE_LINE, TEMPLATE_LINE]),
        payload([TEMPLATE_LINE], { logGroup: '/aws/api-gateway/users', batch: 2 }),
      ]
        .map((each) => JSON.stringify(each))
        .join(''),
    );

    const { report } = await replayJson([file, '--inventory', inventory]);

    expect(report.requests).toMatchObject({ total: 3, unidentified: 0 });
    expect(report.stages.map(({ apiName, requests }) => [apiName, requests])).toEqual([
      ['orders-api', 2],
      ['users-api', 1],
    ]);
    expect(report.range).toEqual({ from: '2026-03-02T10:00:00.000Z', to: '2026-03-02T10:01:00.000Z' });
  });

  it('replay counts lines of execution logs apart, and rejects none', async () => {
    const execution = payload(['(id-1) Starting execution for request: id-1', TEMPLATE_LINE], {
      logGroup: EXECUTION_GROUP,
      batch: 9,
    });
    const file = temp.write(
      'mixed.json',
      [PAYLOADS[0], execution].map((each) => JSON.stringify(each)).join('\n'),
    );

    const { code, stderr, report } = await replayJson([file]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.input).toMatchObject({ linesRead: 102, executionLines: 2, rejected: {} });
    expect(report.requests.total).toBe(100);
  });

  it('replay counts access logs in a group that is called like that of a WebSocket stage', async () => {
    const logGroup = '/aws/apigateway/orders/prod';
    const file = temp.write(
      'like-websocket.json',
      JSON.stringify(
        payload([...LINES.slice(0, 5), '(id-1) Extended Request Id: x', 'neither'], { logGroup }),
      ),
    );

    const { report } = await replayJson([file]);

    expect(report.requests.total).toBe(5);
    expect(report.input).toMatchObject({ executionLines: 1, rejected: { 'unknown-format': 1 } });
  });

  it('replay names file, line and event of what it rejects in a payload', async () => {
    const bad = payload(['plain text'], { batch: 7 });
    const file = temp.write(
      'bad-line.json',
      [PAYLOADS[0], bad].map((each) => JSON.stringify(each)).join('\n'),
    );
    const eventId = bad.logEvents[0]?.id ?? '';

    const [{ report }, { stdout }] = await Promise.all([replayJson([file]), runCli(['replay', file])]);

    expect(report.input.firstRejects).toEqual([{ reason: 'unknown-format', file, line: 2, eventId }]);
    expect(stdout).toContain(`rejected  1 unknown-format, first ${file}:2 event ${eventId}\n`);
  });

  it('replay exits with 2 and names a payload that is cut, after a report of all others', async () => {
    const cut = JSON.stringify(subscriptionEvent(PAYLOADS[1] ?? payload([]))).slice(0, 200);
    const file = temp.write(
      'cut-payload.json',
      [PAYLOADS[0], PAYLOADS[2]].map((each) => JSON.stringify(each)).join(`\n${cut}\n`),
    );

    const { code, stderr, report } = await replayJson([file]);

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `error: ${file}: the payload at line 2 cannot be read: it is cut\n`,
    });
    expect(report.requests.total).toBe(200);
    expect(report.input.unreadable).toEqual([`${file}: the payload at line 2 cannot be read: it is cut`]);
  });

  it('replay warns of a payload without events', async () => {
    const file = temp.write('no-events.json', JSON.stringify(payload([])));

    expect(await replayJson([file])).toMatchObject({ code: 0, stderr: `warning: ${file} has no lines\n` });
  });
});

describe.skipIf(!existsSync(SAMPLES)).concurrent('gatewatch replay of published payloads', () => {
  it.each([
    ['exec-rest-ericallam-lambda-timeout-502.subscription.json', 21],
    ['exec-rest-ericallam-method-throttle-429.subscription.json', 4],
    ['exec-rest-jazz-info-200x2.subscription.json', 14],
  ])('replay tells %s for an execution log', async (name, lines) => {
    const { code, stderr, report } = await replayJson([join(SAMPLES, name)]);

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: execution logs count no request; gatewatch parse tells what they say of each\n',
    });
    expect(report.input).toMatchObject({
      linesRead: lines,
      executionLines: lines,
      rejected: {},
      unreadable: [],
    });
  });

  it('replay unpacks a published subscription event inside of another document, which holds the log of a function', async () => {
    const { report } = await replayJson([join(SAMPLES, 'subscription-envelope-jazz_es.json')]);

    expect(report.input).toMatchObject({ linesRead: 3, rejected: { 'not-api-gateway': 3 }, unreadable: [] });
  });
});
