import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createRecordDispatch,
  createRecordDoubt,
  createRecordEvaluation,
  createRecordHeartbeat,
  createRecordIngest,
  createRecordParked,
  createRecordSubscriptions,
} from '#shared/adapters/emf-record-pipeline-metrics.ts';
import type { IngestReport } from '#shared/application/ingest-access-logs.ts';

type Emf = {
  readonly _aws: {
    readonly CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
} & Record<string, unknown>;

const REPORT: IngestReport = {
  status: 'counted',
  events: 5,
  requests: 3,
  repaired: 1,
  unidentified: 0,
  rejected: { 'not-json': { count: 2, firstEventId: '1' } },
  statuses: new Map([[200, 3]]),
  metricCalls: 1,
  parkedCalls: 2,
  possiblyRepeatedEvents: 0,
  ingestLagMs: 61_000,
};

describe('pipeline metrics', () => {
  let lines: string[];

  beforeEach(() => {
    lines = [];
    vi.stubEnv('POWERTOOLS_DEV', 'true'); // prints with the global console, which a test can listen to
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    vi.spyOn(console, 'log').mockImplementation((line: string) => {
      lines.push(line);
    });
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const emf = (): Emf[] => lines.map((line) => JSON.parse(line) as Emf);

  it('recordIngest() writes valid EMF with the dimension Function only', () => {
    createRecordIngest('ingest-access-logs')(REPORT);

    const main = emf().find((line) => 'IngestedEvents' in line);
    const [directive] = main?._aws.CloudWatchMetrics ?? [];
    expect(directive?.Namespace).toBe('Gatewatch');
    expect(directive?.Dimensions).toEqual([['Function']]);
    expect(main).toMatchObject({
      Function: 'ingest-access-logs',
      IngestedEvents: 3,
      RejectedEvents: 2,
      RepairedEvents: 1,
      RepeatedEnvelopes: 0,
      MetricCalls: 1,
      ParkedCalls: 2,
      IngestLag: 61_000,
    });
  });

  it('recordIngest() writes no RepairedEvents for an ingest that repairs nothing', () => {
    const { repaired: _, ...report } = REPORT;

    createRecordIngest('ingest-execution-logs')(report);

    expect(emf().some((line) => 'RepairedEvents' in line)).toBe(false);
  });

  it('recordIngest() writes rejects once more for each reason', () => {
    createRecordIngest('ingest-access-logs')(REPORT);

    const byReason = emf().find((line) => 'Reason' in line);
    expect(byReason).toMatchObject({ Reason: 'not-json', RejectedEvents: 2 });
    expect(byReason?._aws.CloudWatchMetrics[0]?.Dimensions.flat().sort()).toEqual(['Function', 'Reason']);
  });

  it('recordDoubt() writes what may be counted twice at once, and by itself', () => {
    createRecordDoubt('ingest-access-logs')(7);

    expect(emf()).toMatchObject([{ Function: 'ingest-access-logs', PossiblyRepeatedEvents: 7 }]);
  });

  it('recordParked() writes what became of a call, and its rejects once more for each reason', () => {
    const record = createRecordParked('send-parked-metrics');
    const report = { metricCalls: 8, possiblyRepeatedEvents: 0, rejected: {} };

    record({ ...report, status: 'put-off' });
    record({ ...report, status: 'sent', rejected: { 'too-old': 3 } });

    const main = emf().filter((line) => !('Reason' in line));
    expect(main).toMatchObject([
      {
        Function: 'send-parked-metrics',
        RejectedEvents: 0,
        RepeatedEnvelopes: 0,
        MetricCalls: 8,
        PutOffCalls: 1,
      },
      { RejectedEvents: 3, PutOffCalls: 0 },
    ]);
    expect(emf().find((line) => 'Reason' in line)).toMatchObject({ Reason: 'too-old', RejectedEvents: 3 });
  });

  it('recordDispatch() writes zeros too, so that an alarm sees that nothing failed', () => {
    const record = createRecordDispatch('dispatch-alerts');

    record({ delivered: 0, failed: 0, putOff: 0 });
    record({ delivered: 3, failed: 1, putOff: 2 });

    expect(emf()).toMatchObject([
      { Function: 'dispatch-alerts', DeliveredAlerts: 0, FailedAlerts: 0, PutOffAlerts: 0 },
      { Function: 'dispatch-alerts', DeliveredAlerts: 3, FailedAlerts: 1, PutOffAlerts: 2 },
    ]);
  });

  it('recordHeartbeat() writes one beat', () => {
    createRecordHeartbeat('dispatch-alerts')();

    expect(emf()).toMatchObject([{ Function: 'dispatch-alerts', AlertingHeartbeats: 1 }]);
  });

  it('recordEvaluation() writes one beat a run', () => {
    const record = createRecordEvaluation('check-headroom');

    record();
    record();

    expect(emf()).toMatchObject([
      { Function: 'check-headroom', CompletedEvaluations: 1 },
      { Function: 'check-headroom', CompletedEvaluations: 1 },
    ]);
  });

  it('recordSubscriptions() writes the log groups without our filters once more for each reason', () => {
    const names: string[] = [];
    const leftAlone = { 'no-group': { count: 2, names }, 'slots-taken': { count: 1, names } };

    const unreadable = { count: 12, names };
    const report = { stages: 7, subscribed: 4, leftAlone, unreadable, failed: 2 };
    createRecordSubscriptions('subscribe-log-groups')(report);

    const dimensions = { Function: 'subscribe-log-groups' };
    expect(emf().find((line) => 'KnownStages' in line)).toMatchObject({
      ...dimensions,
      KnownStages: 7,
      SubscribedLogGroups: 4,
      UnsubscribedLogGroups: 3,
      UnreadableApis: 12,
      FailedSubscriptions: 2,
    });
    const [directive] = emf().find((line) => 'UnreadableApis' in line)?._aws.CloudWatchMetrics ?? [];
    expect(directive?.Dimensions).toEqual([['Function']]);
    const byReason = emf().filter((line) => 'Reason' in line);
    expect(byReason).toMatchObject([
      { ...dimensions, Reason: 'no-group', UnsubscribedLogGroups: 2 },
      { ...dimensions, Reason: 'slots-taken', UnsubscribedLogGroups: 1 },
    ]);
  });
});
