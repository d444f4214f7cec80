import type { Now, PublishMetricData, Wait } from '#shared/application/ports.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';

type Dependencies = {
  readonly publishMetricData: PublishMetricData;
  readonly now: Now;
  readonly wait: Wait;
};

/**
 * `accepted`; `refused`: the data is invalid and never will be; `throttled`: not counted, and there is no time left;
 * `unknown`: it may be counted, and it is not worth trying again now.
 */
export type ChunkOutcome = 'accepted' | 'refused' | 'throttled' | 'unknown';

const MAX_UNKNOWN_ANSWERS = 3;
const FIRST_BACKOFF_MS = 200;

/**
 * Sends one call until it is accepted. CloudWatch cannot tell a repeated call from a new one, so it is sent again only
 * when it was certainly not counted, or when nobody can know; that doubt is written down first.
 *
 * @param untilMs - Until when it may be tried, epoch milliseconds
 * @param onDoubt - Called after each answer that did not come
 */
export async function sendChunk(
  chunk: readonly MetricDatum[],
  untilMs: number,
  onDoubt: () => Promise<void>,
  { publishMetricData, now, wait }: Dependencies,
): Promise<{ readonly outcome: ChunkOutcome; readonly calls: number }> {
  let unknownAnswers = 0;
  for (let calls = 1, backoffMs = FIRST_BACKOFF_MS; ; calls += 1, backoffMs *= 2) {
    const answer = await publishMetricData(chunk);
    if (answer === 'accepted' || answer === 'refused') return { outcome: answer, calls };
    if (answer === 'unknown') {
      unknownAnswers += 1;
      await onDoubt();
    }
    const isLate = now().getTime() + backoffMs > untilMs;
    if (isLate || unknownAnswers >= MAX_UNKNOWN_ANSWERS)
      return { outcome: answer === 'unknown' ? 'unknown' : 'throttled', calls };
    await wait(backoffMs);
  }
}
