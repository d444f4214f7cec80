import { clockTime } from '#cli/render/headroom-text.ts';
import { clean } from '#cli/render/terminal.ts';
import { formatRatio, formatRps } from '#shared/domain/findings/format.ts';
import { type HeadroomSurvey, newestMinute } from '#shared/domain/headroom/survey/headroom-survey.ts';

/** The newest minute in one line, for a log of minutes: its time first, parts with a fixed order, the worst last. */
export function renderHeadroomLine(survey: HeadroomSurvey): string {
  const newest = newestMinute(survey);
  const parts: string[] = [];
  if (newest === null) parts.push('no requests, or no metrics of them yet');
  else {
    const { demandRps, usedRatio, perSecond } = newest;
    parts.push(`${formatRps(demandRps)} rps`, formatRatio(usedRatio));
    if (perSecond !== null) {
      parts.push(`peak second ${formatRps(perSecond.peakRps)} (${formatRatio(perSecond.peakUsedRatio)})`);
      if (perSecond.throttled > 0) parts.push(`≥ ${formatRps(perSecond.throttled)} refused`);
    }
    const [top] = survey.stages;
    if (top !== undefined) parts.push(`${clean(`${top.apiName}/${top.stage}`)} ${formatRatio(top.share)}`);
  }
  const [worst] = survey.findings;
  if (worst !== undefined) parts.push(`${worst.severity}: ${clean(worst.title)}`);
  const at = newest === null ? survey.toMs : newest.minuteMs;
  return `${new Date(at).toISOString().slice(0, 10)} ${clockTime(at)} UTC  ${parts.join('  ')}\n`;
}
