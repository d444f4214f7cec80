import { measureEvaluation } from '#bench/evaluate-stages.ts';

await measureEvaluation(
  'check-headroom',
  'quiet',
  async ({ checkHeadroom, checkSources, watchAnomalies }) => {
    await checkHeadroom();
    await checkSources();
    await watchAnomalies();
  },
);
