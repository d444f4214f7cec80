import { gunzipSync } from 'node:zlib';
import { compare } from '#bench/measure.ts';
import { simulatedPayload } from '#bench/simulated-payload.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { countEnvelope } from '#shared/domain/metrics/count-envelope.ts';
import { planMetricData } from '#shared/domain/metrics/plan-metric-data.ts';

const EVENTS = 10_000;
const ROUNDS = 60;

/** The least that any pipeline in JavaScript does with a payload: unpack it and read it as JSON. */
function floor(data: string): number {
  const { logEvents } = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8'));
  let statuses = 0;
  for (const { message } of logEvents) statuses += Number(JSON.parse(message).status);
  return statuses;
}

async function ingest(data: string): Promise<number> {
  const parsed = parseEnvelope(await decodePayload(data));
  if (parsed.kind !== 'data') throw new Error('Not an envelope with data');
  const receivedAtMs = parsed.envelope.logEvents.timestamp(0) + 60_000;
  const { aggregate } = countEnvelope(parsed.envelope, createIdentifyStage('access', []), receivedAtMs);
  return planMetricData(aggregate).length;
}

const data = simulatedPayload(EVENTS);
const { floorMs, workMs, rounds } = await compare(
  () => floor(data),
  () => ingest(data),
  ROUNDS,
);
const ratio = (workMs / floorMs).toFixed(2);
process.stdout.write(
  `ingest: envelope of ${EVENTS} events to metric data: ${ratio} x the floor of base64, gunzip and JSON.parse (target 0.6; ${rounds} rounds)\n`,
);
