import type { Evidence, Finding } from '#shared/domain/detection/finding.ts';
import {
  ALL_SILENT_LABEL,
  SILENT_LABEL,
  WAS_SILENT_LABEL,
} from '#shared/domain/findings/describe-blindness.ts';
import { formatAmount, formatCount } from '#shared/domain/findings/format.ts';

/** More names than these do not help to find the reason, which they mostly share. */
const MAX_NAMED_STAGES = 10;

function valuesOf(findings: readonly Finding[], label: string): string[] {
  const busiestFirst = [...findings].sort((a, b) => b.value - a.value);
  const facts = busiestFirst.flatMap(({ evidence }) => evidence.filter((fact) => fact.label === label));
  return [...new Set(facts.map(({ value }) => value))];
}

/** `12 stages`: those of the names, or as many as there are where an incident keeps only some. */
function amountOf(findings: readonly Finding[], names: readonly string[]): string {
  const open = findings.filter(({ status }) => status === 'open');
  const [all] = valuesOf(open.length > 0 ? open : findings, ALL_SILENT_LABEL);
  return all ?? formatAmount(names.length, 'stage');
}

function listNames(findings: readonly Finding[], label: string): Evidence[] {
  const names = valuesOf(findings, label);
  if (names.length < 2) return [];
  const rest = names.length - MAX_NAMED_STAGES;
  const isAll = amountOf(findings, names) === formatAmount(names.length, 'stage');
  const named = names.slice(0, MAX_NAMED_STAGES).join(', ');
  const others = isAll ? `${formatCount(rest)} more` : 'others';
  return [{ label, value: rest > 0 ? `${named} and ${others}` : named }];
}

/** Names the stages of an incident that are silent in one fact: one finding alone names only its own. */
export function listSilentStages(findings: readonly Finding[]): Evidence[] {
  return [SILENT_LABEL, WAS_SILENT_LABEL].flatMap((label) => listNames(findings, label));
}

/**
 * The title of an incident of several silent stages.
 *
 * @returns `null` where one finding's own title says it
 */
export function silentTitle(findings: readonly Finding[]): string | null {
  const open = valuesOf(findings, SILENT_LABEL);
  const names = open.length > 0 ? open : valuesOf(findings, WAS_SILENT_LABEL);
  // Late logs make stages silent, and not the other way round.
  const isLate = findings.some(({ scope, status }) => scope.function !== undefined && status === 'open');
  return names.length < 2 || isLate ? null : `${amountOf(findings, names)} send no log events`;
}
