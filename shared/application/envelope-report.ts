import { rangeOf } from '#shared/domain/dead-letters/pointer.ts';
import type { GroupRefusal } from '#shared/domain/logs/access/judge-access-log-group.ts';
import type { Envelope } from '#shared/domain/logs/payload/envelope.ts';
import type { Reject } from '#shared/domain/metrics/rejects.ts';

/** Why an envelope is not ours to count: whose log group it comes from. */
export type EnvelopeRefusal = 'other-account' | GroupRefusal;

/** What became of one envelope. */
export type EnvelopeReport = {
  /**
   * `repeated`: counted before, so not counted again. `control`: a probe without events. `poison`: it can never be
   * counted, and a pointer to it is kept. The others say why it is not ours to count.
   */
  readonly status: 'counted' | 'repeated' | 'control' | 'poison' | EnvelopeRefusal;
  readonly events: number;
  readonly requests: number;
  readonly rejected: Readonly<Record<string, Reject>>;
  readonly metricCalls: number;
  /** Calls that were put off into the queue. */
  readonly parkedCalls: number;
  /** Upper bound of the events that CloudWatch may have counted twice in this attempt, because its answer was lost. */
  readonly possiblyRepeatedEvents: number;
  /** From the newest request to its arrival here; `null` without requests. */
  readonly ingestLagMs: number | null;
};

/** The report of what was not counted now. */
export function emptyReport(status: EnvelopeReport['status'], events: number): EnvelopeReport {
  return {
    status,
    events,
    requests: 0,
    rejected: {},
    metricCalls: 0,
    parkedCalls: 0,
    possiblyRepeatedEvents: 0,
    ingestLagMs: null,
  };
}

/** The report of an envelope that is not ours to count: all of its events are rejected. */
export function refusedReport(refusal: EnvelopeRefusal, envelope: Envelope): EnvelopeReport {
  const { count } = envelope.logEvents;
  const { firstEventId } = rangeOf(envelope);
  return { ...emptyReport(refusal, count), rejected: { [refusal]: { count, firstEventId } } };
}
