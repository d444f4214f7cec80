import type { FindingKind, Link } from '#shared/domain/detection/finding.ts';

/** The sections of docs/runbook.md that say what to do about a kind of finding, by their anchors. */
const SECTIONS: Readonly<Record<FindingKind, string>> = {
  'headroom.low': 'headroom',
  'headroom.exhausted': 'headroom',
  'headroom.forecast': 'headroom',
  'burst.exhausted': 'burst',
  'quota.changed': 'changed-quota',
  'throttling.account': 'account-throttling',
  'throttling.stage': 'stage-throttling',
  'throttling.client': 'client-throttling',
  'noisy-neighbour': 'noisy-neighbour',
  'error-budget': 'error-budget',
  latency: 'latency',
  'timeout-budget': 'latency',
  'logging.bodies': 'logged-bodies',
  'blind.logs': 'silent-stages',
  'blind.metrics': 'silent-metrics',
  'cloudwatch-alarm': 'cloudwatch-alarms',
  'alerting.undeliverable': 'undelivered-alerts',
  'alerting.held-back': 'held-back',
  'alerting.drill': 'drills',
};

/**
 * The section of the runbook about a kind of finding.
 *
 * @param baseUrl - Address of the page that docs/runbook.md is read on, without an anchor
 */
export function runbookLink(baseUrl: string, kind: FindingKind): Link {
  return { label: 'Runbook', url: `${baseUrl}#${SECTIONS[kind]}` };
}
