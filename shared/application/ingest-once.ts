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
import { type Envelope, type ParsedEnvelope, parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { MalformedEventError, type PayloadBytes } from '#shared/domain/logs/payload/scan-payload.ts';

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
  const uncounted = (report: EnvelopeReport): Ingested<Counted> => ({ report, counted: null });

  async function ingestEnvelope(envelope: Envelope, invocation: Invocation): Promise<Ingested<Counted>> {
    const refusal =
      envelope.owner === accountId ? await kind.refuse(envelope.logGroup) : ('other-account' as const);
    if (refusal !== null) return uncounted(refusedReport(refusal, envelope));
    return countOnce(envelope, invocation, kind, dependencies);
  }

  async function keepPoison(data: string, { requestId }: Invocation): Promise<Ingested<Counted>> {
    await keepUnreadable('poison-payload', requestId, data, dependencies);
    const rejected = { 'poison-payload': { count: 1, firstEventId: '' } };
    return uncounted({ ...emptyReport('poison', 0), rejected });
  }

  return async (data: string, invocation: Invocation): Promise<Ingested<Counted>> => {
    const parsed = await readPayload(data, decodePayload);
    if (parsed.kind === 'control') return uncounted(emptyReport('control', 0));
    if (parsed.kind === 'invalid') return keepPoison(data, invocation);
    try {
      return await ingestEnvelope(parsed.envelope, invocation);
    } catch (error) {
      // It is found while the envelope is counted, which is before anything of it is claimed or sent.
      if (error instanceof MalformedEventError) return keepPoison(data, invocation);
      throw error;
    }
  };
}
