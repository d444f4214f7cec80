import type { EventBridgeEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { AlertEventError, isHeartbeat, parseAlertEvent } from '#shared/config/alert-event.ts';
import { createFinding } from '#test/fakes/finding.ts';

function event(type: string, detail: unknown): EventBridgeEvent<string, unknown> {
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': type,
    source: 'gatewatch',
    account: '123456789012',
    time: '2026-03-02T14:05:30Z',
    region: 'us-east-1',
    resources: [],
    detail,
  };
}

function findings(differences: Record<string, unknown>): unknown {
  return { schemaVersion: 1, findings: [{ ...createFinding(), ...differences }] };
}

const COMPLETED = {
  schemaVersion: 1,
  evaluator: 'check-headroom',
  scope: { accountId: '123456789012', region: 'us-east-1' },
  through: '2026-03-02T14:05:00.000Z',
  openFindingIds: [],
};

const REDRIVEN = {
  schemaVersion: 1,
  receiver: 'slack',
  storyKey: 'account|123456789012|us-east-1',
  incidentId: 'account|123456789012|us-east-1|2026-03-02T14:00:00.000Z',
};

describe('parseAlertEvent()', () => {
  it('parseAlertEvent() reads a finding as it was published', () => {
    const finding = createFinding();

    expect(
      parseAlertEvent(
        event('findings', JSON.parse(JSON.stringify({ schemaVersion: 1, findings: [finding] }))),
      ),
    ).toEqual({
      type: 'findings',
      findings: [finding],
    });
  });

  it('parseAlertEvent() reads a completed evaluation', () => {
    expect(parseAlertEvent(event('evaluation.completed', COMPLETED))).toEqual({
      type: 'evaluation.completed',
      completed: COMPLETED,
    });
  });

  it('parseAlertEvent() reads what a redrive asks for', () => {
    const { schemaVersion: _, ...request } = REDRIVEN;

    expect(parseAlertEvent(event('delivery.redriven', REDRIVEN))).toEqual({
      type: 'delivery.redriven',
      ...request,
    });
  });

  it('parseAlertEvent() reads the input of the schedule, which has no detail', () => {
    const input = { source: 'gatewatch', 'detail-type': 'sweep' } as EventBridgeEvent<string, unknown>;

    expect(parseAlertEvent(input)).toEqual({ type: 'sweep' });
  });

  it.each([
    ['delivery.redriven', { ...REDRIVEN, receiver: '' }, 'receiver'],
    ['delivery.redriven', { ...REDRIVEN, incidentId: undefined }, 'incidentId'],
    ['delivery.redriven', { ...REDRIVEN, schemaVersion: 2 }, 'schemaVersion'],
    ['findings', { schemaVersion: 2, findings: [] }, 'schemaVersion'],
    [
      'findings',
      findings({ severity: 'bad' }),
      'findings.0.severity is not ("info" | "warning" | "critical")',
    ],
    ['findings', findings({ scope: {} }), 'findings.0.scope.accountId'],
    ['findings', findings({ observedAt: 'yesterday' }), 'findings.0.observedAt is no iso timestamp'],
    ['findings', null, 'detail'],
    ['evaluation.completed', { ...COMPLETED, openFindingIds: [1] }, 'openFindingIds.0'],
    ['something else', COMPLETED, 'unknown type something else'],
  ])('parseAlertEvent() refuses a wrong %s and names what is wrong', (type, detail, problem) => {
    expect(() => parseAlertEvent(event(type, detail))).toThrow(AlertEventError);
    expect(() => parseAlertEvent(event(type, detail))).toThrow(problem);
    expect(() => parseAlertEvent(event(type, detail))).not.toThrow(/yesterday|bad/);
  });
});

describe('isHeartbeat()', () => {
  it.each([
    [{ 'detail-type': 'heartbeat' }, true],
    [{ 'detail-type': 'sweep' }, false],
    [{ Records: [] }, false],
  ])('isHeartbeat() says of %j %s', (event, expected) => {
    expect(isHeartbeat(event)).toBe(expected);
  });
});
