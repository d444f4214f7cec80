import { gunzipSync, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import type { DecodeParkedChunk } from '#shared/application/letter-ports.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import type { ParkedChunk } from '#shared/domain/metrics/parked-chunk.ts';

/** A call has at most 1 MB, and so has its JSON. Anything that unpacks to more was made to fill the memory. */
const MAX_DATA_BYTES = 2 * 1024 * 1024;

const WholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const MessageSchema = v.object({
  schemaVersion: v.literal(1),
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  chunkIndex: WholeNumber,
  planHash: v.string(),
  receivedAtMs: WholeNumber,
  data: v.pipe(v.string(), v.nonEmpty()),
});

/** Only what tells metric data from anything else: nobody but Gatewatch may send to the queue. */
const DataSchema = v.pipe(
  v.array(
    v.looseObject({
      name: v.string(),
      dimensions: v.record(v.string(), v.string()),
      timestampMs: v.number(),
      unit: v.string(),
      resolutionSeconds: v.picklist([1, 60]),
      values: v.array(v.number()),
      counts: v.array(v.number()),
    }),
  ),
  v.minLength(1),
);

/** Writes a parked call as the text of a message: metric data in gzip and base64. */
export function encodeParkedChunk({ data, ...chunk }: ParkedChunk): string {
  const packed = gzipSync(JSON.stringify(data)).toString('base64');
  return JSON.stringify({ schemaVersion: 1, ...chunk, data: packed });
}

function unpack(data: string): unknown {
  const bytes = gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: MAX_DATA_BYTES });
  return JSON.parse(bytes.toString('utf8'));
}

/** Reads what {@link encodeParkedChunk} wrote. */
export const decodeParkedChunk: DecodeParkedChunk = (body) => {
  try {
    const { schemaVersion: _, data, ...chunk } = v.parse(MessageSchema, JSON.parse(body));
    return { ...chunk, data: v.parse(DataSchema, unpack(data)) as MetricDatum[] };
  } catch {
    return null; // not ours; the caller keeps a pointer to it
  }
};
