import { measureEvaluation } from '#bench/evaluate-stages.ts';

await measureEvaluation('detect-anomalies', 'quiet', async ({ detectAnomalies, watchHeadroom }) => {
  await detectAnomalies();
  await watchHeadroom();
});
