import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';

/** A finding takes 2 KB, and an incident keeps 50; the number of all silent stages is told with each. */
const MAX_TOLD_STAGES = 40;

/** What is left of the worst, in an order that does not change while stages get busier or quieter. */
function capped(breaches: readonly Judgement[]): Judgement[] {
  const rank = ({ severity, scope }: Judgement): string =>
    `${severity === 'critical' ? 0 : 1}${stageKey({ apiId: scope.apiId ?? '', stage: scope.stage ?? '' })}`;
  return [...breaches].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, MAX_TOLD_STAGES);
}

/**
 * Keeps the number of stages that are told as blind within bounds; what is clean is told of all. Each kind has a bound of
 * its own: permanent conditions must not push out what is waited for, nor what is silent.
 *
 * @returns The judgements that are left; the silent ones with the number of all of them as `silentStages`
 */
export function capTold(judgements: readonly Judgement[]): Judgement[] {
  const breaches = judgements.filter(({ verdict }) => verdict === 'breach');
  const infos = breaches.filter(({ severity }) => severity === 'info');
  const silent = breaches.filter(({ severity }) => severity !== 'info');
  return [
    ...judgements.filter(({ verdict }) => verdict !== 'breach'),
    ...capped(infos.filter(({ latest }) => latest['hasAccessLog'] === 0)),
    ...capped(infos.filter(({ latest }) => latest['hasAccessLog'] === 1)),
    ...capped(silent).map((judgement) => ({
      ...judgement,
      latest: { ...judgement.latest, silentStages: silent.length },
    })),
  ];
}
