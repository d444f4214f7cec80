import { expect, it } from 'vitest';
import { SERVER_CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';
import { createScaledAccount, NOON_MS } from '#test/fakes/scaled-account.ts';

const STAGES = 1_200;
/** What one call of GetMetricData takes. */
const QUERIES_PER_CALL = 500;

/** As far back as a run looks, all stages are refused requests, fail and are slow. */
function account(traffic: 'quiet' | 'trouble') {
  const troubleFrom = traffic === 'quiet' ? Number.POSITIVE_INFINITY : NOON_MS / 1_000 - 44 * 60;
  return createScaledAccount({ stages: STAGES, isTroubled: (seconds) => seconds >= troubleFrom });
}

it('createCheckHeadroom() reads two metrics in one call in a quiet run over 1,200 stages', async () => {
  const { checkHeadroom, use } = account('quiet');

  const { outcome } = await checkHeadroom();

  expect(outcome.status).toBe('evaluated');
  expect(use).toMatchObject({ metricsRead: 2, getCalls: 1, putCalls: 1 });
});

it('createCheckHeadroom() reads at most twelve metrics a stage while all of 1,200 are refused requests', async () => {
  const { checkHeadroom, use, noted } = account('trouble');

  await checkHeadroom();

  const kinds = noted.events.flatMap((event) =>
    event.type === 'findings' ? event.findings.map(({ kind }) => kind) : [],
  );
  // 429s and requests of each, also of what nothing identifies; ten series of causes; seconds of the account, of 50
  // stages and of the one that surges.
  const mostMetrics = (STAGES + 1) * 2 + STAGES * 10 + 2 + 50 + 1;
  expect(kinds).toEqual(expect.arrayContaining(['throttling.account', 'noisy-neighbour']));
  expect(use.metricsRead).toBeGreaterThan(STAGES);
  expect(use.metricsRead).toBeLessThanOrEqual(mostMetrics);
  // Each of the eight readings may end in a call that is not full.
  expect(use.getCalls).toBeLessThanOrEqual(Math.floor(mostMetrics / QUERIES_PER_CALL) + 8);
});

it('createCheckSources() reads two metrics a stage, of 1,200', async () => {
  const { checkSources, use } = account('quiet');

  const { comparison } = await checkSources();

  expect(comparison).not.toBeNull();
  expect(use.metricsRead).toBeLessThanOrEqual(STAGES * 2 + 4);
});

it('createDetectAnomalies() reads three metrics a stage in a quiet run over 1,200 stages', async () => {
  const { detectAnomalies, use } = account('quiet');

  await detectAnomalies();

  // 5xx, and two latencies; also of what nothing identifies.
  expect(use.metricsRead).toBe((STAGES + 1) * 3);
});

it('createDetectAnomalies() reads the causes of 1,200 failing stages together', async () => {
  const { detectAnomalies, use, noted } = account('trouble');

  await detectAnomalies();

  const findings = noted.events.flatMap((event) => (event.type === 'findings' ? event.findings : []));
  const mostMetrics = (STAGES + 1) * 5 + STAGES * SERVER_CAUSE_SLUGS.length;
  // Few of the requests of the stage that surges fail.
  expect(findings.filter(({ kind }) => kind === 'error-budget')).toHaveLength(STAGES - 1);
  expect(use.metricsRead).toBeLessThanOrEqual(mostMetrics);
  // Six hours of minutes are 371 values a metric: a page holds those of 271.
  expect(use.getCalls).toBeLessThanOrEqual(
    Math.ceil((2 * (STAGES + 1)) / 271) + mostMetrics / QUERIES_PER_CALL + 5,
  );
});
