import { createStageNames } from '#cli/render/stage-names.ts';
import { formatAmount, formatCount, formatRatio, formatRps } from '#shared/domain/findings/format.ts';
import {
  type HeadroomSurvey,
  newestMinute,
  type SurveyedStage,
} from '#shared/domain/headroom/survey/headroom-survey.ts';

const MAX_STAGES = 5;

/** A name takes at most that part of a line. */
const NAME_RATIO = 0.5;
const MIN_NAME = 24;

/** A share that is usual within a tenth of all is not worth a word. */
const UNUSUAL = 0.1;

function shareWords({ share, usualShare, throttled }: SurveyedStage): string {
  const isUnusual = usualShare !== null && Math.abs(share - usualShare) >= UNUSUAL;
  const words = [formatRatio(share)];
  if (isUnusual) words.push(`usual ${formatRatio(usualShare)}`);
  if (throttled !== null && throttled > 0) words.push(`≥ ${formatCount(throttled)} refused`);
  return `(${words.join(', ')})`;
}

function limitWords({ limits }: SurveyedStage): string {
  if (limits === undefined) return '';
  return limits === null ? ' no limit' : ` limit ${formatRps(limits.rateRps)}`;
}

function othersWords({ othersCounted }: SurveyedStage): string {
  return othersCounted === 0 ? '' : ` with ${formatAmount(othersCounted, 'other')} of that name`;
}

/** The stages that take most, one part each; none where there is no newest minute. */
export function stageParts(survey: HeadroomSurvey, columns: number): string[] {
  if (newestMinute(survey) === null) return [];
  const named = survey.stages.map((stage) => ({ stage }));
  const width = Math.max(MIN_NAME, Math.floor(columns * NAME_RATIO));
  const nameOf = createStageNames(named).inColumn(width);
  const parts = named.slice(0, MAX_STAGES).map((about) => {
    const taken = about.stage;
    const rate = `${formatRps(taken.nowRps)} ${shareWords(taken)}`;
    return `${nameOf(about)}${othersWords(taken)} ${rate}${limitWords(taken)}`;
  });
  const more = named.length - parts.length;
  return more > 0 ? [...parts, `${formatCount(more)} more`] : parts;
}
