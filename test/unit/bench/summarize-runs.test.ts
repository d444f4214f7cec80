import { expect, it } from 'vitest';
import { summarizeRuns } from '#bench/summarize-runs.ts';

it('summarizeRuns() shows the median of what differs, with its range, and what is the same as it is', () => {
  const lines = [
    'ingest: 10 events: 0.40 x (target 0.6)',
    'ingest: 10 events: 1.10 x (target 0.6)',
    'ingest: 10 events: 0.50 x (target 0.6)',
  ];

  expect(summarizeRuns(lines)).toBe('ingest: 10 events: 0.50 (0.40-1.10) x (target 0.6)');
});

it('summarizeRuns() orders numbers by their size', () => {
  expect(summarizeRuns(['9 MB', '100 MB', '20 MB'])).toBe('20 (9-100) MB');
});

it('summarizeRuns() throws if the runs print different things', () => {
  expect(() => summarizeRuns(['3 MB', '3 kB'])).toThrow('print different things');
});
