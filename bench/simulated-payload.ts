import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { packEnvelope } from '#cli/replay/wrap-envelopes.ts';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';
import { DAY } from '#shared/domain/simulation/scenarios/day.ts';
import { simulateRequests } from '#shared/domain/simulation/simulate-requests.ts';
import { writeAccessLogLine } from '#shared/domain/simulation/write-access-log-line.ts';

const OWNER = '123456789012';

/**
 * One subscription payload of the recommended format: five APIs, 800 rps.
 *
 * @param events - Lines in the envelope
 */
export function simulatedPayload(events: number): string {
  const scenario = DAY.create({
    quota: { rateRps: 40_000, burst: 20_000 },
    region: 'us-east-1',
    dayMs: Date.UTC(2026, 5, 15),
  });
  const generator = xoroshiro128plus(1);
  const logEvents: LogEvent[] = [];
  for (const request of simulateRequests(scenario, () => uniformFloat64(generator))) {
    const message = writeAccessLogLine(request, OWNER, logEvents.length + 1);
    logEvents.push({ id: String(logEvents.length).padStart(56, '0'), timestamp: request.timeMs, message });
    if (logEvents.length === events) break;
  }
  return packEnvelope(
    { owner: OWNER, logGroup: 'access', logStream: 'a' },
    { events: logEvents, newestMs: 0 },
  );
}
