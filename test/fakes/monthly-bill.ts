import { AFTERMATH_MINUTES, type EvaluationUse } from '#test/fakes/measured-use.ts';

const DAYS = 30;
const MINUTES = DAYS * 24 * 60;
const FIVE_MINUTES = MINUTES / 5;
const MILLION = 1_000_000;

/** Dollars in us-east-1, as docs/cost.md names them with their pages. */
export const PRICES = {
  metricTiers: [
    { upTo: 10_000, usd: 0.3 },
    { upTo: 250_000, usd: 0.1 },
    { upTo: MILLION, usd: 0.05 },
    { upTo: Number.POSITIVE_INFINITY, usd: 0.02 },
  ],
  metricRead: 0.01 / 1_000,
  putCall: 0.01 / 1_000,
  alarmMetric: 0.1,
  logGb: 0.5,
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / MILLION,
  writeUnit: 0.625 / MILLION,
  readUnit: 0.125 / MILLION,
  busEvent: 1 / MILLION,
  sqsRequest: 0.4 / MILLION,
  kmsKey: 1,
} as const;

/** What is not counted but taken to be so; docs/cost.md names each. */
export const ASSUMPTIONS = {
  envelopesPerMinute: 1,
  evaluationSeconds: { quiet: 1, trouble: 5 },
  ingestSeconds: 0.1,
  dispatchSeconds: 0.2,
  /** Of a walk through all stages: two calls a second, up to three of a stage, as long as a run may take. */
  walkSeconds: (stages: number) => Math.min(260, stages * 1.5),
  logBytesPerInvocation: 1_500,
  /** Reads, and as many writes, of an event that is dispatched. */
  unitsPerEvent: 2,
  /** Reads of the dispatcher's schedule, when it finds nothing to do. */
  unitsPerSweep: 2,
  /** Of an evaluator's state; in trouble it has each open finding. */
  unitsPerState: { quiet: 1, trouble: 10 },
  inventoryItemKb: 1,
  idlePollsOfQueue: 650_000,
} as const;

const EVALUATOR_GB = 0.5;
const INGEST_GB = 0.5;
const WALK_GB = 0.25;

type Traffic = 'quiet' | 'trouble';

/** What was counted of an account of one size. */
export type Measured = {
  readonly stages: number;
  readonly fiveMinutes: Readonly<Record<Traffic, EvaluationUse>>;
  readonly envelope: { readonly putCalls: number; readonly ledgerWrites: number };
  /** Series of one stage; in trouble with those that only then have data. */
  readonly stageSeries: Readonly<Record<Traffic, number>>;
  /** Of the account, and of the pipeline about itself. */
  readonly otherSeries: number;
  readonly alarmMetrics: number;
};

/** Dollars of a month by what they are paid for. */
export type Bill = ReadonlyMap<string, number>;

function metricsUsd(metrics: number): number {
  let usd = 0;
  let from = 0;
  for (const tier of PRICES.metricTiers) {
    usd += Math.max(0, Math.min(metrics, tier.upTo) - from) * tier.usd;
    from = tier.upTo;
  }
  return usd;
}

/** How many of a month's five minutes have trouble to look at, if there is so much of it each day. */
function troubledFiveMinutes(troubleHoursPerDay: number): number {
  return troubleHoursPerDay === 0 ? 0 : ((troubleHoursPerDay * 60 + AFTERMATH_MINUTES) / 5) * DAYS;
}

/** Dollars of all envelopes of a month, if each stage has so many in a minute. */
export function envelopesUsd({ stages, envelope }: Measured, perMinute: number) {
  const envelopes = stages * perMinute * MINUTES;
  return {
    envelopes,
    put: envelopes * envelope.putCalls * PRICES.putCall,
    lambda:
      envelopes * (PRICES.lambdaRequest + ASSUMPTIONS.ingestSeconds * INGEST_GB * PRICES.lambdaGbSecond),
    ledger: envelopes * envelope.ledgerWrites * PRICES.writeUnit,
    logs: (envelopes * ASSUMPTIONS.logBytesPerInvocation * PRICES.logGb) / 1e9,
  };
}

/** What a month of 30 days costs, with nothing taken off for the free tier. */
export function monthlyBill(measured: Measured, troubleHoursPerDay: number): Bill {
  const { stages, fiveMinutes, stageSeries, otherSeries, alarmMetrics } = measured;
  const troubled = troubledFiveMinutes(troubleHoursPerDay);
  const inMonth = (of: (use: EvaluationUse, traffic: Traffic) => number): number =>
    of(fiveMinutes.quiet, 'quiet') * (FIVE_MINUTES - troubled) +
    of(fiveMinutes.trouble, 'trouble') * troubled;
  // CloudWatch charges a metric for the hours in which it has data.
  const troubleSeries = ((stageSeries.trouble - stageSeries.quiet) * troubleHoursPerDay) / 24;
  const events = inMonth((use) => use.events);
  const ingest = envelopesUsd(measured, ASSUMPTIONS.envelopesPerMinute);
  const walks = FIVE_MINUTES;
  const sweeps = MINUTES + DAYS * 24; // each minute, and each hour a look at the receivers
  const invocations = 2 * MINUTES + walks + events + sweeps;
  const gbSeconds =
    inMonth((_, traffic) => 2 * 5 * ASSUMPTIONS.evaluationSeconds[traffic]) * EVALUATOR_GB +
    walks * ASSUMPTIONS.walkSeconds(stages) * WALK_GB +
    (events + sweeps) * ASSUMPTIONS.dispatchSeconds * EVALUATOR_GB;
  // Three functions hold the inventory for five minutes each; an eventual read of 4 KB is half a unit.
  const inventoryUnits = (3 * FIVE_MINUTES * stages * ASSUMPTIONS.inventoryItemKb) / 8;
  const stateUnits = (of: (use: EvaluationUse) => number): number =>
    inMonth((use, traffic) => of(use) * ASSUMPTIONS.unitsPerState[traffic]);
  const dispatchUnits = events * ASSUMPTIONS.unitsPerEvent;
  return new Map([
    ['Custom metrics', metricsUsd(stages * (stageSeries.quiet + troubleSeries) + otherSeries)],
    ['GetMetricData', inMonth((use) => use.metricsRead) * PRICES.metricRead],
    ['PutMetricData', inMonth((use) => use.putCalls) * PRICES.putCall + ingest.put],
    ['Lambda', invocations * PRICES.lambdaRequest + gbSeconds * PRICES.lambdaGbSecond + ingest.lambda],
    [
      'DynamoDB',
      (stateUnits((use) => use.stateReads) +
        inventoryUnits +
        dispatchUnits +
        sweeps * ASSUMPTIONS.unitsPerSweep) *
        PRICES.readUnit +
        (stateUnits((use) => use.stateWrites) + dispatchUnits) * PRICES.writeUnit +
        ingest.ledger,
    ],
    ['Own logs', (invocations * ASSUMPTIONS.logBytesPerInvocation * PRICES.logGb) / 1e9 + ingest.logs],
    ['Alarms', alarmMetrics * PRICES.alarmMetric],
    ['EventBridge', events * PRICES.busEvent],
    ['SQS', ASSUMPTIONS.idlePollsOfQueue * PRICES.sqsRequest],
    ['KMS key', PRICES.kmsKey],
  ]);
}
