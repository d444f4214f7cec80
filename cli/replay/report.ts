import type { KnownBlock } from '@slack/types';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { RejectReason } from '#shared/domain/logs/access/parse-access-log.ts';
import type { ExecutionRejectReason } from '#shared/domain/metrics/count-execution-causes.ts';

/** One file or log group that was read; a log event is a line. */
export type InputSource = { readonly name: string; readonly lines: number };

/** Why a line that tells a failure is not counted. `no-stage`: its file does not tell of exactly one stage. */
export type ExecutionReject = Exclude<ExecutionRejectReason, 'unclassified'> | 'no-stage';

/** The first line that was rejected for a reason. */
export type FirstReject = {
  readonly reason: RejectReason;
  /** Or the log group. */
  readonly file: string;
  /** On which it, or its payload, begins; `null` in a log group. */
  readonly line: number | null;
  /** `null` for a line of text. */
  readonly eventId: string | null;
};

/** Percentiles in milliseconds. */
export type Percentiles = { readonly p50: number; readonly p90: number; readonly p99: number };

/** One stage over the whole log. */
export type StageReport = {
  readonly apiId: string;
  readonly apiName: string;
  readonly stage: string;
  readonly requests: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly throttled: number;
  readonly byCause: Readonly<Record<string, number>>;
  /** Failed requests by the cause that execution logs tell. They explain those of `byCause` and are not added to them. */
  readonly executionCauses: Readonly<Record<string, number>>;
  /** Lines of its execution log with bodies or headers were seen. */
  readonly logsBodies: boolean;
  /** `null` when the format has no latency. */
  readonly latencyMs: Percentiles | null;
  readonly integrationLatencyMs: Percentiles | null;
};

/** One minute of the account. A minute without requests is absent. */
export type HeadroomPoint = Omit<MinuteHeadroom, 'minuteMs' | 'peakAtMs'> & {
  readonly at: string;
  readonly peakAt: string;
};

/** A Slack message as the deployed pipeline would have sent it. */
export type ReplayedMessage = {
  readonly at: string;
  readonly announcement: Announcement;
  readonly incidentId: string;
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  /** The same message for a terminal. */
  readonly plainText: string;
};

/** Everything a replay found: the document of `replay --json` (docs/replay.md). Times are ISO 8601 in UTC. */
export type ReplayReport = {
  readonly schemaVersion: 1;
  readonly input: {
    readonly files: readonly InputSource[];
    readonly logGroups: readonly InputSource[];
    readonly linesRead: number;
    /** Requests whose lines had to be repaired. */
    readonly repaired: number;
    readonly rejected: Readonly<Partial<Record<RejectReason, number>>>;
    readonly firstRejects: readonly FirstReject[];
    /** Lines outside of `--since` and `--until`. */
    readonly outsideRange: number;
    /** Lines of execution logs, which explain failures and count no request. */
    readonly executionLines: number;
    /** Those of them that tell a failure and are not counted, by reason. */
    readonly executionRejected: Readonly<Partial<Record<ExecutionReject, number>>>;
    /** Lines of payloads that had been read before, and so are not counted again. */
    readonly repeatedLines: number;
    readonly envelopes: number;
    /** What could not be read, in words; what could be read is in the report. */
    readonly unreadable: readonly string[];
  };
  /** From the minute of the first request to the end of the minute of the last; `null` when there is none. */
  readonly range: { readonly from: string; readonly to: string } | null;
  readonly requests: {
    readonly total: number;
    /** Requests that no field, log group or inventory gives a stage. */
    readonly unidentified: number;
    readonly byStatus: Readonly<Record<string, number>>;
    readonly byCause: Readonly<Record<string, number>>;
  };
  readonly stages: readonly StageReport[];
  readonly headroom: {
    readonly quotaRps: number;
    readonly quotaBurst: number;
    /** The busiest second of all. */
    readonly peakRps: number;
    readonly peakAt: string | null;
    /** `peakRps` as a share of the quota. */
    readonly utilisation: number;
    readonly series: readonly HeadroomPoint[];
  };
  readonly findings: readonly Finding[];
  readonly incidents: readonly Incident[];
  readonly messages: readonly ReplayedMessage[];
};
