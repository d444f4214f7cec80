import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { FindingKind } from '#shared/domain/detection/finding.ts';
import { runbookLink } from '#shared/domain/links/runbook.ts';

const KINDS: FindingKind[] = [
  'headroom.low',
  'headroom.exhausted',
  'headroom.forecast',
  'burst.exhausted',
  'quota.changed',
  'throttling.account',
  'throttling.stage',
  'throttling.client',
  'noisy-neighbour',
  'error-budget',
  'latency',
  'timeout-budget',
  'logging.bodies',
  'blind.logs',
  'blind.metrics',
  'cloudwatch-alarm',
  'alerting.undeliverable',
  'alerting.held-back',
  'alerting.drill',
];

const RUNBOOK = readFileSync(new URL('../../../../../docs/runbook.md', import.meta.url), 'utf8');

/** As GitHub and most others make them. */
function anchors(): string[] {
  return [...RUNBOOK.matchAll(/^#{2,3} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
}

it.each(KINDS)('runbookLink() leads to a section of docs/runbook.md for %s', (kind) => {
  const { label, url } = runbookLink('https://example.com/runbook', kind);

  expect(label).toBe('Runbook');
  expect(url).toMatch(/^https:\/\/example\.com\/runbook#/);
  expect(anchors()).toContain(new URL(url).hash.slice(1));
});
