import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIngestAccessLogs } from '#shared/application/ingest-access-logs.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { accessLogLine, packLines } from '#test/fakes/access-log-envelope.ts';
import { START_MS } from '#test/fakes/access-log-ingest.ts';
import { createLetterPorts } from '#test/fakes/letter-ports.ts';
import { createScaledAccount, NOON_MS } from '#test/fakes/scaled-account.ts';

const MINUTE_MS = 60_000;

/** After so many minutes without trouble, nothing of it is looked at any more: as far as a run looks back, and as metrics come late. */
export const AFTERMATH_MINUTES = 45;

/** What the two evaluating functions did. */
export type EvaluationUse = {
  readonly metricsRead: number;
  readonly getCalls: number;
  readonly putCalls: number;
  /** On the event bus. */
  readonly events: number;
  readonly stateReads: number;
  readonly stateWrites: number;
};

type ScaledAccount = ReturnType<typeof createScaledAccount>;

function soFar({ use, noted }: ScaledAccount): EvaluationUse {
  const { metricsRead, getCalls, putCalls } = use;
  const { stateReads, stateWrites, events } = noted;
  return { metricsRead, getCalls, putCalls, events: events.length, stateReads, stateWrites };
}

function less(a: EvaluationUse, b: EvaluationUse): EvaluationUse {
  return {
    metricsRead: a.metricsRead - b.metricsRead,
    getCalls: a.getCalls - b.getCalls,
    putCalls: a.putCalls - b.putCalls,
    events: a.events - b.events,
    stateReads: a.stateReads - b.stateReads,
    stateWrites: a.stateWrites - b.stateWrites,
  };
}

async function runMinutes(account: ScaledAccount, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await account.checkHeadroom();
    await account.checkSources();
    await account.watchAnomalies();
    await account.detectAnomalies();
    await account.watchHeadroom();
    account.clock.nowMs += MINUTE_MS;
  }
}

/** What five minutes take, in which everything that is looked at is looked at, after a minute to begin with. */
export async function measureFiveMinutes(
  stages: number,
  traffic: 'quiet' | 'trouble',
): Promise<EvaluationUse> {
  const account = createScaledAccount({ stages, isTroubled: () => traffic === 'trouble' });
  await runMinutes(account, 1);
  const before = soFar(account);
  await runMinutes(account, 5);
  return less(soFar(account), before);
}

/** What some minutes with trouble take, with those before and after them in which there is none. */
export async function measureEpisode(
  stages: number,
  minutes: { readonly trouble: number; readonly all: number },
): Promise<EvaluationUse> {
  const startSeconds = (NOON_MS + 5 * MINUTE_MS) / 1_000;
  const endSeconds = startSeconds + minutes.trouble * 60;
  const account = createScaledAccount({
    stages,
    isTroubled: (seconds) => seconds >= startSeconds && seconds < endSeconds,
  });
  await runMinutes(account, 1);
  const before = soFar(account);
  await runMinutes(account, minutes.all);
  return less(soFar(account), before);
}

const QUIET_LINES = [
  accessLogLine(START_MS),
  accessLogLine(START_MS, { status: '404', integrationStatus: '404' }),
  accessLogLine(START_MS, { status: '401', errorType: 'UNAUTHORIZED', integrationStatus: '-' }),
];

const TROUBLE_LINES = [
  ...QUIET_LINES,
  accessLogLine(START_MS, { status: '429', errorType: 'THROTTLED', integrationStatus: '-' }),
  accessLogLine(START_MS, { status: '504', errorType: 'INTEGRATION_TIMEOUT', integrationStatus: '-' }),
  accessLogLine(START_MS, { status: '502', integrationStatus: '502' }),
];

function seriesOf(data: readonly MetricDatum[], isStage: boolean): string[] {
  const series = data
    .filter(({ dimensions }) => 'ApiId' in dimensions === isStage)
    .map(({ name, dimensions }) => JSON.stringify([name, dimensions]));
  return [...new Set(series)];
}

/** What one envelope of a stage takes, and the series that it is counted in. */
export async function measureEnvelope(traffic: 'quiet' | 'trouble') {
  const use = { putCalls: 0, ledgerWrites: 0 };
  const data: MetricDatum[] = [];
  const now = () => new Date(START_MS + 90_000);
  const ledger = createMemoryLedger(now);
  const ingest = createIngestAccessLogs({
    accountId: '123456789012',
    decodePayload,
    readInventory: async () => [],
    ledger: {
      claim: (claim) => {
        use.ledgerWrites += 1;
        return ledger.claim(claim);
      },
      record: (progress) => {
        use.ledgerWrites += 1;
        return ledger.record(progress);
      },
    },
    publishMetricData: async (chunk) => {
      use.putCalls += 1;
      data.push(...chunk);
      return 'accepted';
    },
    ...createLetterPorts(),
    ownLogGroupPrefix: '/aws/lambda/gatewatch-prod-',
    now,
    wait: async () => {},
  });
  const lines = traffic === 'quiet' ? QUIET_LINES : TROUBLE_LINES;
  await ingest(packLines(lines), { requestId: 'request-1', deadlineMs: START_MS + 150_000 });
  return { ...use, stageSeries: seriesOf(data, true), accountSeries: seriesOf(data, false) };
}
