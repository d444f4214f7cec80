import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runbookLink } from '#shared/domain/links/runbook.ts';
import { FINDING_KINDS } from '#test/fakes/kinds.ts';

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

it.each(FINDING_KINDS)('runbookLink() leads to a section of docs/runbook.md for %s', (kind) => {
  const { label, url } = runbookLink('https://example.com/runbook', kind);

  expect(label).toBe('Runbook');
  expect(url).toMatch(/^https:\/\/example\.com\/runbook#/);
  expect(anchors()).toContain(new URL(url).hash.slice(1));
});
