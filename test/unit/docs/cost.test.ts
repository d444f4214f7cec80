import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createRecordDispatch,
  createRecordEvaluation,
  createRecordHeartbeat,
  createRecordIngest,
  createRecordSubscriptions,
} from '#shared/adapters/emf-record-pipeline-metrics.ts';
import { emptyReport } from '#shared/application/envelope-report.ts';
import { SERVER_CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';
import { accountMetrics, idleMinute } from '#shared/domain/headroom/demand/account-metrics.ts';
import { renderBill, renderCounts } from '#test/fakes/cost-tables.ts';
import {
  AFTERMATH_MINUTES,
  measureEnvelope,
  measureEpisode,
  measureFiveMinutes,
} from '#test/fakes/measured-use.ts';
import { ASSUMPTIONS, envelopesUsd, type Measured, PRICES } from '#test/fakes/monthly-bill.ts';

const SIZES = [10, 100, 1_200];

function read(path: string): Promise<string> {
  return readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

/** The metrics that the functions write about themselves while nothing is wrong. */
function countPipelineMetrics(): number {
  const series = new Set<string>();
  vi.stubEnv('POWERTOOLS_DEV', 'true'); // prints with the global console, which can be listened to
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    const emf = JSON.parse(line) as {
      Function: string;
      _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
    };
    for (const { Metrics } of emf._aws.CloudWatchMetrics)
      for (const { Name } of Metrics) series.add(`${emf.Function} ${Name}`);
  });
  const report = { ...emptyReport('counted', 1), ingestLagMs: 60_000 };
  createRecordIngest('ingest-access-logs')({ ...report, repaired: 0 });
  createRecordIngest('ingest-execution-logs')(report);
  createRecordEvaluation('check-headroom')();
  createRecordEvaluation('detect-anomalies')();
  createRecordDispatch('dispatch-alerts')({ delivered: 0, failed: 0, putOff: 0 });
  createRecordHeartbeat('dispatch-alerts')();
  createRecordSubscriptions('subscribe-log-groups')({
    stages: 1,
    subscribed: 1,
    leftAlone: {},
    unreadable: { count: 0, names: [] },
    failed: 0,
  });
  log.mockRestore();
  vi.unstubAllEnvs();
  return series.size;
}

/** Those with a known number of metrics; how many a query over log groups has, the account decides. */
async function countAlarmMetrics(): Promise<number> {
  const alarms = (await read('infra/alarms.yml')).split('AWS::CloudWatch::Alarm').slice(1);
  return alarms.reduce((sum, alarm) => {
    if (alarm.includes('Expression: SELECT')) return sum;
    return sum + Math.max(1, alarm.split('MetricStat:').length - 1);
  }, 0);
}

describe('docs/cost.md', () => {
  let accounts: Measured[];
  let page: string;

  beforeAll(async () => {
    page = await read('docs/cost.md');
    const [quiet, trouble] = [await measureEnvelope('quiet'), await measureEnvelope('trouble')];
    // Execution logs tell of the same causes once more.
    const causes = trouble.stageSeries.filter((series) => series.includes('"Cause"')).length;
    const quota = { rateRps: 10_000, burst: 5_000 };
    const common = {
      envelope: quiet,
      stageSeries: { quiet: quiet.stageSeries.length, trouble: trouble.stageSeries.length + causes },
      otherSeries:
        trouble.accountSeries.length +
        accountMetrics(idleMinute(0, quota), quota).length +
        countPipelineMetrics(),
      alarmMetrics: await countAlarmMetrics(),
    };
    accounts = [];
    for (const stages of SIZES) {
      const fiveMinutes = {
        quiet: await measureFiveMinutes(stages, 'quiet'),
        trouble: await measureFiveMinutes(stages, 'trouble'),
      };
      accounts.push({ ...common, stages, fiveMinutes });
    }
  });

  it('docs/cost.md shows what the evaluators do in five minutes', () => {
    expect(page).toContain(`\n${renderCounts(accounts)}\n`);
  });

  it('docs/cost.md shows what a month costs', () => {
    expect(page).toContain(`\n${renderBill(accounts)}\n`);
  });

  /** Wherever its lines break. */
  const prose = (): string => page.replace(/\s+/g, ' ');

  it('docs/cost.md names how many metrics are kept', () => {
    const [
      { stageSeries, otherSeries, alarmMetrics } = { stageSeries: null, otherSeries: 0, alarmMetrics: 0 },
    ] = accounts;

    expect(prose()).toContain(
      `${stageSeries?.quiet} metrics a stage while it is quiet, ${stageSeries?.trouble} in an hour with trouble; ${otherSeries} of the account`,
    );
    expect(prose()).toContain(`${alarmMetrics} metrics of alarms`);
  });

  it('docs/cost.md names the causes that are read of a failing stage, and what a million batches cost', () => {
    const [ten] = accounts;
    if (ten === undefined) throw new Error('Ten stages are measured');
    const { envelopes, put, lambda, ledger, logs } = envelopesUsd(ten, 1);

    expect(prose()).toContain(`requests and ${SERVER_CAUSE_SLUGS.length} causes of errors`);
    expect(prose()).toContain(
      `$${(((put + lambda + ledger + logs) / envelopes) * 1_000_000).toFixed(2)} for a million`,
    );
  });

  it.each([
    ['custom metric, a month', PRICES.metricTiers.map(({ usd }) => usd.toFixed(2))],
    ['GetMetricData, 1,000', [(PRICES.metricRead * 1_000).toFixed(2)]],
    ['PutMetricData, 1,000', [(PRICES.putCall * 1_000).toFixed(2)]],
    ['alarm, each metric', [PRICES.alarmMetric.toFixed(2)]],
    ['logs taken in', [PRICES.logGb.toFixed(2)]],
    ['Lambda on arm64', [PRICES.lambdaGbSecond.toFixed(10), (PRICES.lambdaRequest * 1e6).toFixed(2)]],
    ['DynamoDB on demand', [(PRICES.writeUnit * 1e6).toFixed(3), (PRICES.readUnit * 1e6).toFixed(3)]],
    ['events on a bus', [(PRICES.busEvent * 1e6).toFixed(2)]],
    ['SQS, a million', [(PRICES.sqsRequest * 1e6).toFixed(2)]],
    ['key, a month', [PRICES.kmsKey.toFixed(2)]],
  ])('docs/cost.md names the price of %s that it is worked out with', (what, prices) => {
    const row = page.split('\n').find((line) => line.startsWith(`| ${what}`)) ?? '';

    expect(row.match(/\d[\d,]*\.\d+/g)).toEqual(prices);
  });

  it('docs/cost.md names every assumption that was not counted', () => {
    expect(prose()).toContain(`${ASSUMPTIONS.logBytesPerInvocation.toLocaleString('en-US')} bytes`);
    expect(prose()).toContain(`${ASSUMPTIONS.idlePollsOfQueue.toLocaleString('en-US')} polls`);
    const { quiet, trouble } = ASSUMPTIONS.evaluationSeconds;
    expect(prose()).toContain(`An evaluation takes ${quiet} s, in trouble ${trouble} s`);
    expect(prose()).toContain(`${ASSUMPTIONS.ingestSeconds} s at 512 MB to count it`);
    expect(prose()).toContain(`dispatched in ${ASSUMPTIONS.dispatchSeconds} s`);
    expect(prose()).toContain(`the schedule without an event takes ${ASSUMPTIONS.unitsPerSweep} reads`);
    expect(prose()).toContain(`for ${ASSUMPTIONS.walkSeconds(1_200)} s at most`);
  });

  it('an hour of trouble is looked at for no longer than docs/cost.md says', async () => {
    const [ten] = accounts;
    if (ten === undefined) throw new Error('Ten stages are measured');
    const { quiet, trouble } = ten.fiveMinutes;

    const { metricsRead } = await measureEpisode(10, { trouble: 60, all: 120 });

    const [quietCycles, troubledCycles] = [(60 - AFTERMATH_MINUTES) / 5, (60 + AFTERMATH_MINUTES) / 5];
    const charged = quiet.metricsRead * quietCycles + trouble.metricsRead * troubledCycles;
    expect(metricsRead).toBeLessThanOrEqual(charged);
    expect(metricsRead).toBeGreaterThan(charged * 0.75);
    expect(prose()).toContain(`${AFTERMATH_MINUTES} minutes after it`);
  });
});
