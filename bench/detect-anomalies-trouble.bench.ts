import { measureEvaluation } from '#bench/evaluate-stages.ts';

await measureEvaluation('detect-anomalies', 'trouble', async ({ detectAnomalies, watchHeadroom }) => {
  await detectAnomalies();
  await watchHeadroom();
});
