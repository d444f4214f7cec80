import { describe, expect, it } from 'vitest';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';
import { findingAt, incidentOf, iso } from '#test/fakes/incident-history.ts';

const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

function silent(name: string, value: number, differences: Partial<Finding> = {}): Finding {
  const { status = 'open' } = differences;
  return findingAt(name, 0, 5, {
    kind: 'blind.logs',
    cause: null,
    value,
    scope: { ...ACCOUNT, apiId: name, apiName: name, stage: 'prod' },
    title: `${name}/prod sends no log events`,
    evidence: [{ label: status === 'open' ? 'Silent' : 'Was silent', value: `${name}/prod` }],
    ...differences,
  });
}

function summaryOf(...findings: Finding[]) {
  return summarizeIncident(incidentOf(...findings), 'opened', Date.parse(iso(7)));
}

describe('summarizeIncident() of silent stages', () => {
  it('summarizeIncident() leaves one stage its own title', () => {
    const { title, facts } = summaryOf(silent('orders', 10));

    expect(title).toBe('orders/prod sends no log events');
    expect(facts).toEqual([{ label: 'Silent', value: 'orders/prod' }]);
  });

  it('summarizeIncident() counts several stages and names them, the busiest first', () => {
    const { title, facts } = summaryOf(silent('orders', 10), silent('users', 30), silent('search', 20));

    expect(title).toBe('3 stages send no log events');
    expect(facts).toEqual([{ label: 'Silent', value: 'users/prod, search/prod, orders/prod' }]);
  });

  it('summarizeIncident() names ten stages and counts the others', () => {
    const many = Array.from({ length: 14 }, (_, index) => silent(`api${index}`, 100 - index));

    const { title, facts } = summaryOf(...many);

    expect(title).toBe('14 stages send no log events');
    expect(facts[0]?.value).toMatch(/^api0\/prod, api1\/prod, .*, api9\/prod and 4 more$/);
  });

  it('summarizeIncident() tells stages that are heard again apart, and titles what goes on', () => {
    const { title, facts } = summaryOf(silent('orders', 10), silent('users', 30, { status: 'cleared' }));

    expect(title).toBe('orders/prod sends no log events');
    expect(facts).toEqual([
      { label: 'Silent', value: 'orders/prod' },
      { label: 'Was silent', value: 'users/prod' },
    ]);
  });

  it('summarizeIncident() puts late logs before the stages that are silent for them', () => {
    const late = silent('lag', 0, {
      scope: { ...ACCOUNT, function: 'ingest-access-logs' },
      title: 'Access logs arrive late',
      evidence: [{ label: 'Lag', value: '7 min' }],
    });

    const { title, facts } = summaryOf(silent('orders', 10), silent('users', 30), late);

    expect(title).toBe('Access logs arrive late');
    expect(facts.map(({ label }) => label)).toEqual(['Lag', 'Silent']);
  });
});
