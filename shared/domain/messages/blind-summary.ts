import type { Evidence, Finding } from '#shared/domain/detection/finding.ts';
import { SILENT_LABEL, WAS_SILENT_LABEL } from '#shared/domain/findings/describe-blindness.ts';
import { formatCount } from '#shared/domain/findings/format.ts';

/** More names than these do not help to find the reason, which they mostly share. */
const MAX_NAMED_STAGES = 10;

const LISTED: readonly string[] = [SILENT_LABEL, WAS_SILENT_LABEL];

function valuesOf(findings: readonly Finding[], label: string): string[] {
  const busiestFirst = [...findings].sort((a, b) => b.value - a.value);
  const values = busiestFirst.flatMap(({ evidence }) => evidence.filter((fact) => fact.label === label));
  return [...new Set(values.map(({ value }) => value))];
}

/** Names the stages of an incident that are silent in one fact: one finding alone names only its own. */
export function listSilentStages(findings: readonly Finding[]): Evidence[] {
  return LISTED.flatMap((label) => {
    const names = valuesOf(findings, label);
    const rest = names.length - MAX_NAMED_STAGES;
    const named = names.slice(0, MAX_NAMED_STAGES).join(', ');
    return names.length < 2
      ? []
      : [{ label, value: rest > 0 ? `${named} and ${formatCount(rest)} more` : named }];
  });
}

/**
 * The title of an incident of several silent stages.
 *
 * @returns `null` where one finding's own title says it
 */
export function silentTitle(findings: readonly Finding[]): string | null {
  const silent = valuesOf(findings, SILENT_LABEL).length || valuesOf(findings, WAS_SILENT_LABEL).length;
  const isLate = findings.some(({ scope, status }) => scope.function !== undefined && status === 'open');
  return silent < 2 || isLate ? null : `${formatCount(silent)} stages send no log events`;
}
