import { describe, expect, it } from 'vitest';
import { previewMute } from '#shared/domain/incidents/preview-mute.ts';
import { createFinding, createIncident } from '#test/fakes/finding.ts';
import { createMute, MUTED_AT_MS } from '#test/fakes/mute.ts';

const MUTE = createMute({ match: { kind: 'latency' } });

describe('previewMute()', () => {
  it('previewMute() tells what is held back from what is told as not all of it is muted', () => {
    const [latency, errors, both] = [
      createIncident({ kind: 'latency' }),
      createIncident(),
      {
        ...createIncident({ kind: 'latency' }),
        id: 'both',
        findings: [createFinding({ kind: 'latency' }), createFinding({ id: 'b', kind: 'timeout-budget' })],
      },
    ];

    const preview = previewMute(MUTE, [MUTE], [latency, errors, both], MUTED_AT_MS);

    expect(preview).toEqual({ heldBack: [latency], told: [both] });
  });

  it('previewMute() counts what another mute does for the rest', () => {
    const other = createMute({ id: 'm2', match: { kind: 'timeout-budget' } });
    const both = {
      ...createIncident({ kind: 'latency' }),
      findings: [createFinding({ kind: 'latency' }), createFinding({ id: 'b', kind: 'timeout-budget' })],
    };

    const preview = previewMute(MUTE, [other, MUTE], [both], MUTED_AT_MS);

    expect(preview).toEqual({ heldBack: [both], told: [] });
  });

  it.each([
    ['is closed', { status: 'closed' as const }],
    ['had such a finding', { findings: [createFinding({ kind: 'latency', status: 'cleared' })] }],
  ])('previewMute() leaves an incident out that %s', (_, differences) => {
    const incident = { ...createIncident({ kind: 'latency' }), ...differences };

    expect(previewMute(MUTE, [MUTE], [incident], MUTED_AT_MS)).toEqual({ heldBack: [], told: [] });
  });
});
