import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { stageLines } from '#cli/render/replay-stages.ts';
import type { ReplayReport } from '#cli/replay/report.ts';

const STAGE: ReplayReport['stages'][number] = {
  apiId: 'a1',
  apiName: 'shop',
  stage: 'prod',
  requests: 1_000,
  clientErrors: 30,
  serverErrors: 12,
  throttled: 0,
  byCause: { 'client.unknown-route': 30, 'integration.timeout': 12 },
  executionCauses: {},
  logsBodies: false,
  latencyMs: null,
  integrationLatencyMs: null,
};

/** The causes of the only stage, on a terminal of so many columns. */
function causesAt(columns: number): string | undefined {
  const report = { stages: [STAGE] } as unknown as ReplayReport;
  const lines = stageLines(report, { colors: picocolors.createColors(false), columns });
  return lines.at(-1)?.slice((lines.at(-2) ?? '').indexOf('causes'));
}

describe('stageLines()', () => {
  it('stageLines() puts what somebody here has to act on before what clients did', () => {
    expect(causesAt(120)).toBe('integration.timeout 12, client.unknown-route 30');
  });

  it('stageLines() leaves causes out rather than to cut them, and says so', () => {
    expect(causesAt(80)).toBe('integration.timeout 12, …');
  });

  it('stageLines() leaves two percentiles out where causes have no room', () => {
    expect(causesAt(64)).toBe('integration.timeout 12, …');
  });

  it('stageLines() exceeds no width', () => {
    expect(causesAt(46)).toBe('integrati…');
  });
});
