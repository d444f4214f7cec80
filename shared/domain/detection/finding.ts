import type { CauseSlug } from '#shared/domain/causes/causes.ts';

/** How bad a finding is. `info` is recorded and shown, and never opens an incident. */
export type Severity = 'info' | 'warning' | 'critical';

/** What the evaluators can judge of minutes. */
export type JudgedKind =
  | 'headroom.low'
  | 'headroom.exhausted'
  | 'headroom.forecast'
  | 'burst.exhausted'
  | 'quota.changed'
  | 'throttling.account'
  | 'throttling.stage'
  | 'throttling.client'
  | 'noisy-neighbour'
  | 'error-budget'
  | 'latency'
  | 'timeout-budget'
  | 'logging.bodies'
  | 'blind.logs'
  | 'blind.metrics';

/** What a finding can state: what evaluators judge, an alarm of CloudWatch, or something about the alerting itself. */
export type FindingKind =
  | JudgedKind
  | 'cloudwatch-alarm'
  | 'alerting.undeliverable'
  | 'alerting.held-back'
  | 'alerting.drill';

/** What a finding is about: the account in a Region, one stage of it, or something that `function` or `subject` names. */
export type Scope = {
  readonly accountId: string;
  readonly region: string;
  readonly apiId?: string;
  readonly apiName?: string;
  readonly stage?: string;
  /** The function of this stack that a finding is about, such as `ingest-access-logs`. */
  readonly function?: string;
  /** What else tells two findings of a kind apart: the name of an alarm or receiver, the id of a mute or drill. */
  readonly subject?: string;
};

/** A labelled fact. */
export type Evidence = { readonly label: string; readonly value: string };

/** A page that helps to act on a finding. */
export type Link = { readonly label: string; readonly url: string };

/** One detector's statement about one scope (docs/architecture.md). Times are ISO 8601 in UTC. */
export type Finding = {
  readonly schemaVersion: 1;
  /** SHA-256 of kind and scope; with `startedAt`, one occurrence. */
  readonly id: string;
  readonly startedAt: string;
  readonly kind: FindingKind;
  /** Who states it; only the same evaluator can end it. */
  readonly evaluator: string;
  readonly severity: Severity;
  readonly status: 'open' | 'cleared';
  readonly scope: Scope;
  /** End of the last minute that was evaluated. */
  readonly observedAt: string;
  /** End of the last minute in which something bad happened; `observedAt` is later by those that were clean. */
  readonly lastBadAt: string;
  /** How far the evaluated data is behind the clock. */
  readonly dataDelaySeconds: number;
  /** True while nobody knows whether it goes on: who states it has had no data since `observedAt`. */
  readonly isUnknown?: true;
  readonly value: number;
  readonly expected: number | null;
  readonly unit: string;
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly links: readonly Link[];
  readonly nextStep: string;
  /** The cause that dominated when it started, where there is one. */
  readonly cause: CauseSlug | null;
};

/** An evaluator's word that it judged everything up to `through`, and what it still holds open. */
export type EvaluationCompleted = {
  readonly schemaVersion: 1;
  readonly evaluator: string;
  readonly scope: Scope;
  /** ISO 8601: end of the last minute that was evaluated. */
  readonly through: string;
  /** Ids of the evaluator's open findings. A finding it once reported that is not listed has ended. */
  readonly openFindingIds: readonly string[];
};

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

/** The worse of two severities. */
export function worse(a: Severity, b: Severity): Severity {
  return SEVERITY_RANK[a] >= SEVERITY_RANK[b] ? a : b;
}

/** True if `severity` is as bad as `threshold` or worse. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITY_RANK[severity] >= SEVERITY_RANK[threshold];
}

/** The text that a finding's id is the hash of. Names and accounts may change; ids do not. */
export function findingIdentity(kind: FindingKind, scope: Scope): string {
  const { accountId, region, apiId = '', stage = '', function: own, subject } = scope;
  return [kind, accountId, region, apiId, stage, own, subject].filter((part) => part !== undefined).join('|');
}
