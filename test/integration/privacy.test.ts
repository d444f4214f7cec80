import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packLines } from '#test/fakes/access-log-envelope.ts';
import { createFinding } from '#test/fakes/finding.ts';
import {
  secretAccessLines,
  secretExecutionLines,
  secretPayloads,
  secretRejects,
} from '#test/fakes/secret-logs.ts';
import { createMarkers, findLeaks } from '#test/fakes/secret-markers.ts';
import { type Pipeline, startPipeline } from '#test/fakes/secret-run.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { busEvent, recentMinuteMs } from '#test/infra/events.ts';
import { runCli } from '#test/integration/run-cli.ts';

/** Told everywhere: a search that does not find it in a place did not look there. */
const STAGE = 'tellthisstage';
const WRITER = { apiId: 'a1b2c3', stage: STAGE };
const EXECUTION_GROUP = `API-Gateway-Execution-Logs_${WRITER.apiId}/${STAGE}`;
const INVENTORY = [
  {
    ...WRITER,
    apiName: 'orders-api',
    apiType: 'REST',
    logGroup: '/aws/api-gateway/orders-api',
    executionLogGroup: EXECUTION_GROUP,
    executionLogLevel: 'INFO',
    logsBodies: true,
  },
];

const markers = createMarkers();
const folder = makeTempFolder();
/** All that left the program, by the way it went. */
const channels: Record<string, string> = {};
let pipeline: Pipeline;

function event(lines: readonly string[], timeMs: number, differences: Record<string, unknown> = {}): unknown {
  const logEvents = lines.map((message, index) => ({
    id: String(index).padStart(56, '0'),
    timestamp: timeMs,
    message,
  }));
  return { awslogs: { data: packLines([], { logEvents, ...differences }) } };
}

async function runPipeline(access: readonly string[], execution: readonly string[]): Promise<void> {
  const timeMs = recentMinuteMs();
  const { ingest, refuse, failWithoutLedger, evaluate, aws, output } = pipeline;
  const executionEvent = event(execution, timeMs, { logGroup: EXECUTION_GROUP });
  await ingest(
    'ingest-access-logs',
    event(access, timeMs),
    event(access, timeMs, { owner: '999999999999' }),
    event(access, 0, { logStream: 'another' }),
    event(execution, timeMs),
  );
  await ingest(
    'ingest-execution-logs',
    executionEvent,
    event(execution, timeMs, { logGroup: '/aws/lambda/other' }),
    event(access, 0, { logGroup: EXECUTION_GROUP }),
  );
  for (const name of ['ingest-access-logs', 'ingest-execution-logs'] as const) {
    await ingest(name, ...secretPayloads(markers.mark));
    const place = name === 'ingest-access-logs' ? {} : { logGroup: EXECUTION_GROUP };
    await failWithoutLedger(name, event(access.slice(0, 5), timeMs, place));
  }
  await refuse(
    'dispatch-alerts',
    ['severity', 'observedAt', 'scope'].map((field) =>
      busEvent('gatewatch', 'findings', {
        schemaVersion: 1,
        findings: [createFinding({ [field]: markers.mark(`${field} of a finding`) })],
      }),
    ),
  );
  await evaluate();
  Object.assign(channels, output());
  for (const { path, headers, body } of aws.requests) {
    const channel = path.startsWith('/services/') ? 'Slack' : String(headers['x-amz-target'] ?? 'SNS');
    channels[channel] = `${channels[channel] ?? ''}${path} ${JSON.stringify(headers)} ${body}\n`;
  }
}

async function runReplay(access: readonly string[], execution: readonly string[]): Promise<void> {
  const logs = folder.write('access.log', [...access, ...execution].join('\n'));
  const inventory = folder.write('inventory.json', JSON.stringify(INVENTORY));
  const garbage = folder.write('garbage.gz', markers.mark('garbage in a file'));
  const runs = {
    text: ['--inventory', inventory],
    json: ['--json', '--inventory', inventory],
    bad: [garbage],
  };
  for (const [name, args] of Object.entries(runs)) {
    const { stdout, stderr } = await runCli(['replay', logs, ...args]);
    channels[`replay ${name} stdout`] = stdout;
    channels[`replay ${name} stderr`] = stderr;
  }
}

beforeAll(async () => {
  const timeMs = recentMinuteMs();
  const access = [
    ...secretAccessLines(WRITER, timeMs, markers.mark),
    ...secretRejects(WRITER, timeMs, markers.mark),
  ];
  const execution = secretExecutionLines(markers.mark);
  pipeline = await startPipeline(
    Object.fromEntries(INVENTORY.map((item) => [`${item.apiId}/${item.stage}`, item])),
  );
  await runPipeline(access, execution);
  await runReplay(access, execution);
});

afterAll(async () => {
  await pipeline.stop();
  folder.remove();
});

describe('what never leaves the parser', () => {
  it('no secret of any field or line is in what handlers, AWS, Slack, mail and command line got', () => {
    expect(findLeaks(channels, markers.cores)).toEqual([]);
  });

  it('the search would have found one: what is told on purpose is found wherever it has to be', () => {
    const told = findLeaks(channels, new Map([['stage', STAGE]])).map((found) =>
      found.replace(': stage', ''),
    );

    expect(told).toEqual(
      expect.arrayContaining([
        'GraniteServiceVersion20100801.PutMetricData',
        'DynamoDB_20120810.PutItem',
        'AWSEvents.PutEvents',
        'SNS',
        'Slack',
        'replay text stdout',
        'replay json stdout',
      ]),
    );
  });

  it('no metric has a dimension but API, stage and cause: no route, whatever a format writes there', () => {
    const metrics = channels['GraniteServiceVersion20100801.PutMetricData'] ?? '';

    const names = [...metrics.matchAll(/"Dimensions":\[([^\]]*)\]/g)].flatMap(([, dimensions = '']) =>
      [...dimensions.matchAll(/"Name":"([^"]+)"/g)].map(([, name]) => name),
    );

    expect(new Set(names)).toEqual(new Set(['ApiId', 'Stage', 'Cause']));
  });

  it('a secret in any one of the places is found', () => {
    const [name = '', core = ''] = [...markers.cores][0] ?? [];

    for (const channel of Object.keys(channels)) {
      const planted = { [channel]: `${channels[channel]} ${Buffer.from(core).toString('base64')}` };
      expect(findLeaks(planted, markers.cores)).toEqual([`${channel}: ${name}`]);
    }
  });

  it('the secrets were looked at: lines were counted and rejected, causes told, batches refused', () => {
    const access = channels['ingest-access-logs stdout'] ?? '';
    expect(access).toContain('"status":"counted"');
    expect(access).toContain('"other-account"');
    for (const reason of [
      'not-json',
      'unknown-format',
      'too-long',
      'no-status',
      'no-time',
      'too-old',
      'too-new',
      'not-access-log',
    ]) {
      expect(access).toContain(`"${reason}"`);
    }
    const execution = channels['ingest-execution-logs stdout'] ?? '';
    expect(execution).toContain('"unclassified"');
    expect(execution).toContain('"not-execution-log"');
    const metrics = channels['GraniteServiceVersion20100801.PutMetricData'] ?? '';
    for (const cause of [
      'auth.denied',
      'integration.function-error',
      'client.validation',
      'throttle.quota',
    ]) {
      expect(metrics).toContain(cause);
    }
    expect(access).toContain('"poison-payload"');
    expect(channels['AmazonSQS.SendMessage']).toContain('poison-payload');
    expect(channels['ingest-access-logs stderr']).toContain('ResourceNotFoundException');
    expect(channels['replay text stdout']).toContain('logging.bodies');
    expect(channels['Slack']).toContain('logs request and response bodies');
    expect(channels['Slack']).toContain(`open: orders-api/${STAGE}: `);
  });
});
