import {
  type Counts,
  countOnce,
  type IngestDependencies,
  type Ingested,
  type IngestKind,
  type Invocation,
} from '#shared/application/count-once.ts';
import { type EnvelopeReport, emptyReport, refusedReport } from '#shared/application/envelope-report.ts';
import { keepUnreadable } from '#shared/application/keep-poison.ts';
import type { DecodePayload } from '#shared/application/ports.ts';
import { type ParsedEnvelope, parseEnvelope } from '#shared/domain/logs/envelope.ts';
import type { PayloadBytes } from '#shared/domain/logs/scan-payload.ts';

/** A payload that cannot be decoded is none, whatever the reason. */
async function readPayload(data: string, decodePayload: DecodePayload): Promise<ParsedEnvelope> {
  let bytes: PayloadBytes;
  try {
    bytes = await decodePayload(data);
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
  return parseEnvelope(bytes);
}

/**
 * Makes the ingest of one kind of log: it counts a subscription payload into CloudWatch metrics, once however often
 * it is delivered.
 *
 * @returns A use case that throws on outages, so that the delivery is repeated
 */
export function createIngestOnce<Counted extends Counts>(
  kind: IngestKind<Counted>,
  dependencies: IngestDependencies,
) {
  const { accountId, decodePayload } = dependencies;
  return async (data: string, invocation: Invocation): Promise<Ingested<Counted>> => {
    const uncounted = (report: EnvelopeReport): Ingested<Counted> => ({ report, counted: null });
    const parsed = await readPayload(data, decodePayload);
    if (parsed.kind === 'control') return uncounted(emptyReport('control', 0));
    if (parsed.kind === 'invalid') {
      await keepUnreadable('poison-payload', invocation.requestId, data, dependencies);
      const rejected = { 'poison-payload': { count: 1, firstEventId: '' } };
      return uncounted({ ...emptyReport('poison', 0), rejected });
    }
    const { envelope } = parsed;
    const refusal =
      envelope.owner === accountId ? await kind.refuse(envelope.logGroup) : ('other-account' as const);
    if (refusal !== null) return uncounted(refusedReport(refusal, envelope));
    return countOnce(envelope, invocation, kind, dependencies);
  };
}
