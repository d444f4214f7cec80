import { createScaledAccount, NOON_MS } from '#test/fakes/scaled-account.ts';

const STAGES = 1_200;
/** As far as a run looks back: to the start of the trend of the oldest minute that is judged anew. */
const TROUBLE_SECONDS = 44 * 60;

type ScaledAccount = ReturnType<typeof createScaledAccount>;

function peakMb(): number {
  return Math.round((process.resourceUsage().maxRSS * 1_024) / 1_000_000);
}

/**
 * Measures one run over 1,200 stages, the first of its process, and prints what it took. Resident memory at its peak is
 * what Lambda counts; Node, the SDK, and CloudWatch's answers before they are read are part of it.
 *
 * @param traffic - `trouble`: all stages are refused requests, fail and are slow, in every minute that is looked at
 */
export async function measureEvaluation(
  name: string,
  traffic: 'quiet' | 'trouble',
  run: (account: ScaledAccount) => Promise<void>,
): Promise<void> {
  const troubleFrom = traffic === 'quiet' ? Number.POSITIVE_INFINITY : NOON_MS / 1_000 - TROUBLE_SECONDS;
  const account = createScaledAccount({ stages: STAGES, isTroubled: (seconds) => seconds >= troubleFrom });
  const beforeMb = peakMb();
  const startMs = performance.now();
  await run(account);
  const seconds = (performance.now() - startMs) / 1_000;
  const { getCalls, metricsRead } = account.use;
  process.stdout.write(
    `${name}, ${STAGES} stages, ${traffic}: ${seconds.toFixed(2)} s (target 5), ${peakMb()} MB at the peak (target 500), ${beforeMb} MB of them before the run; ${metricsRead} metrics in ${getCalls} calls\n`,
  );
}
