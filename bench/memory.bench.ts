import { gunzipSync } from 'node:zlib';
import { simulatedPayload } from '#bench/simulated-payload.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { countEnvelope } from '#shared/domain/metrics/count-envelope.ts';
import { planMetricData } from '#shared/domain/metrics/plan-metric-data.ts';

const EVENTS = 10_000;

const data = simulatedPayload(EVENTS);
const decodedBytes = gunzipSync(Buffer.from(data, 'base64')).length;
const { gc } = globalThis;
if (gc === undefined) throw new Error('Run with --expose-gc');
await gc({ type: 'major', execution: 'async' });

// Resident memory at its peak: what Lambda counts. It includes what the collector has not taken back yet.
const before = process.resourceUsage().maxRSS;
const parsed = parseEnvelope(await decodePayload(data));
if (parsed.kind !== 'data') throw new Error('Not an envelope with data');
const receivedAtMs = parsed.envelope.logEvents.timestamp(0) + 60_000;
const { aggregate } = countEnvelope(parsed.envelope, createIdentifyStage('access', []), receivedAtMs);
const calls = planMetricData(aggregate).length;
const grownBytes = (process.resourceUsage().maxRSS - before) * 1_024;

process.stdout.write(
  `memory: peak growth of one invocation on ${EVENTS} events (${calls} calls): ${(grownBytes / decodedBytes).toFixed(1)} x the decoded bytes (target 8)\n`,
);
