import { clean } from '#cli/render/terminal.ts';
import { formatCount, formatRatio } from '#shared/domain/findings/format.ts';
import type { SourceComparison } from '#shared/domain/headroom/sources/compare-sources.ts';
import { DISAGREEMENTS, type Disagreement } from '#shared/domain/headroom/sources/disagreement.ts';
import type { HeadroomSurvey } from '#shared/domain/headroom/survey/headroom-survey.ts';

const MAX_STAGES = 3;

/** What keeps a stage out of the numbers; what is late, or counted in another way, does not. */
const WORDS: Partial<Readonly<Record<Disagreement, string>>> = {
  'no-access-log': 'has no access log',
  'lost-lines': 'has log lines that never came or cannot be read',
};

type Blind = { readonly name: string; readonly words: string; readonly share: number };

function blindStages({ stages }: SourceComparison): Blind[] {
  return stages
    .flatMap(({ name, reason, countedRequests, shareOfAccount }) => {
      const words = reason === null ? undefined : WORDS[reason];
      const isBusy = (countedRequests ?? 0) > 0;
      return words === undefined || !isBusy ? [] : [{ name, words, share: shareOfAccount }];
    })
    .sort((a, b) => b.share - a.share);
}

/** What Gatewatch does not see, the most of it first, one part each. */
export function blindParts({ sources }: HeadroomSurvey): string[] {
  if (sources === null) return [];
  const stages = blindStages(sources);
  const parts = stages
    .slice(0, MAX_STAGES)
    .map(
      ({ name, words, share }) => `${clean(name)} ${words} (${formatRatio(share)} of the account's requests)`,
    );
  if (stages.length > parts.length) parts.push(`${formatCount(stages.length - parts.length)} more`);
  const unlisted = sources.reasons.find(({ slug }) => slug === 'unlisted');
  return unlisted === undefined
    ? parts
    : [...parts, `${DISAGREEMENTS.unlisted}: ${formatCount(unlisted.requests)}`];
}
