import { UsageError } from '#cli/errors.ts';
import type { LogFile } from '#cli/input/find-log-files.ts';
import { readLogFile } from '#cli/input/read-log-file.ts';
import type { FirstReject, InputFile } from '#cli/replay/report.ts';
import { type Batch, createBatcher, packEnvelope } from '#cli/replay/wrap-envelopes.ts';
import type { IngestReport } from '#shared/application/ingest-access-logs.ts';
import type { Invocation } from '#shared/application/ingest-once.ts';
import { parseAccessLog, type RejectReason } from '#shared/domain/logs/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/read-access-log-line.ts';

/** Only requests from `sinceMs` on and before `untilMs` are replayed. Epoch milliseconds. */
export type ReplayRange = { readonly sinceMs: number; readonly untilMs: number };

/** The log's own clock, which the code under replay takes for the time. */
export type LogClock = { nowMs: number };

type Dependencies = {
  readonly ingest: (data: string, invocation: Invocation) => Promise<IngestReport>;
  readonly clock: LogClock;
  readonly accountId: string;
  readonly logGroup: string | null;
  readonly range: ReplayRange;
  readonly onBytes: (bytes: number) => void;
};

/** What was read and counted, all files together. */
export type IngestSummary = {
  readonly files: InputFile[];
  linesRead: number;
  outsideRange: number;
  envelopes: number;
  requests: number;
  repaired: number;
  unidentified: number;
  readonly rejected: Partial<Record<RejectReason, number>>;
  readonly firstRejects: FirstReject[];
  readonly statuses: Map<number, number>;
  readonly unreadable: string[];
};

/** CloudWatch Logs delivers a batch about this long after its newest event. */
const DELIVERY_MS = 60_000;
const INVOCATION_MS = 60_000;

/** Event ids have 56 digits; these say which line of which file an event was. */
const FILE_DIGITS = 8;
const LINE_DIGITS = 48;

function toEventId(fileIndex: number, line: number): string {
  return String(fileIndex).padStart(FILE_DIGITS, '0') + String(line).padStart(LINE_DIGITS, '0');
}

function emptySummary(): IngestSummary {
  return {
    files: [],
    linesRead: 0,
    outsideRange: 0,
    envelopes: 0,
    requests: 0,
    repaired: 0,
    unidentified: 0,
    rejected: {},
    firstRejects: [],
    statuses: new Map(),
    unreadable: [],
  };
}

function addReport(summary: IngestSummary, report: IngestReport, files: readonly LogFile[]): void {
  summary.envelopes += 1;
  summary.requests += report.requests;
  summary.repaired += report.repaired;
  summary.unidentified += report.unidentified;
  for (const [status, count] of report.statuses) {
    summary.statuses.set(status, (summary.statuses.get(status) ?? 0) + count);
  }
  for (const [name, { count, firstEventId }] of Object.entries(report.rejected)) {
    const reason = name as RejectReason;
    if (summary.rejected[reason] === undefined) {
      const file = files[Number(firstEventId.slice(0, FILE_DIGITS))]?.name ?? '';
      summary.firstRejects.push({ reason, file, line: Number(firstEventId.slice(FILE_DIGITS)) });
    }
    summary.rejected[reason] = (summary.rejected[reason] ?? 0) + count;
  }
}

/**
 * Reads log files line by line, wraps the lines into envelopes as CloudWatch Logs would, and ingests them.
 * What cannot be read ends its file, not the replay.
 */
export async function ingestFiles(
  files: readonly LogFile[],
  dependencies: Dependencies,
): Promise<IngestSummary> {
  const { ingest, clock, accountId, logGroup, range, onBytes } = dependencies;
  const summary = emptySummary();

  async function deliver(file: LogFile, batch: Batch | null): Promise<void> {
    if (batch === null) return;
    clock.nowMs = Math.max(0, batch.newestMs) + DELIVERY_MS;
    const origin = { owner: accountId, logGroup: logGroup ?? `replay/${file.name}`, logStream: file.name };
    const invocation = { requestId: `replay-${summary.envelopes}`, deadlineMs: clock.nowMs + INVOCATION_MS };
    addReport(summary, await ingest(packEnvelope(origin, batch), invocation), files);
  }

  async function ingestFile(file: LogFile, fileIndex: number): Promise<number> {
    const batcher = createBatcher();
    const readLine = createReadAccessLogLine();
    let lines = 0;
    try {
      for await (const { number, text } of readLogFile(file, { onBytes })) {
        lines += 1;
        const parsed = parseAccessLog(readLine, text, 0);
        // CloudWatch stamps an access-log event with the time of its request; a line without one has no time here.
        const timestamp = parsed.ok ? parsed.request.timeMs : 0;
        if (parsed.ok && (timestamp < range.sinceMs || timestamp >= range.untilMs)) summary.outsideRange += 1;
        else await deliver(file, batcher.add({ id: toEventId(fileIndex, number), timestamp, message: text }));
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      summary.unreadable.push(error.message);
    }
    await deliver(file, batcher.flush());
    return lines;
  }

  for (const [index, file] of files.entries()) {
    const lines = await ingestFile(file, index);
    summary.files.push({ name: file.name, lines });
    summary.linesRead += lines;
  }
  return summary;
}
