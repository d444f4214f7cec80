import { describe, expect, it } from 'vitest';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

const WITH_LOG = INVENTORY.map((item) => ({ ...item, logGroup: `/aws/apigw/${item.apiId}` }));
const LATEST = { counted: 1_204, logged: 12, share: 0.03, hasAccessLog: 1, sharedBy: 1, silentStages: 1 };

describe('describeBlindLogs()', () => {
  it('describeFinding() says of a silent stage what either source counts, and where its lines should be', () => {
    const told = describeFinding(createOccurrence('blind.logs', { latest: LATEST }), WITH_LOG);

    expect(told).toMatchObject({
      title: 'orders-api/prod sends no log events',
      value: 1_192,
      unit: 'requests',
    });
    expect(told.evidence).toEqual([
      { label: 'Silent', value: 'orders-api/prod' },
      {
        label: 'Counted',
        value:
          'orders-api/prod: 1,204 requests in 10 minutes by CloudWatch (3 % of the account’s), 12 in the log',
      },
      { label: 'Log group', value: 'orders-api/prod: /aws/apigw/a1' },
    ]);
    expect(told.nextStep).toContain('gatewatch setup');
    expect(told.nextStep).toContain('docs/runbook.md#silent-stages');
  });

  it('describeFinding() says how many stages are silent with it', () => {
    const latest = { ...LATEST, silentStages: 52 };
    const { evidence } = describeFinding(createOccurrence('blind.logs', { latest }), WITH_LOG);

    expect(evidence).toContainEqual({ label: 'All silent', value: '52 stages' });
  });

  it('describeFinding() sends the owner of a stage without an access log to setup', () => {
    const latest = { ...LATEST, logged: 0, hasAccessLog: 0 };
    const told = describeFinding(createOccurrence('blind.logs', { severity: 'info', latest }), INVENTORY);

    expect(told.title).toBe('orders-api/prod has no access log');
    expect(told.evidence).toHaveLength(1);
    expect(told.nextStep).toContain('prints the change');
  });

  it('describeFinding() says how late logs are', () => {
    const scope = { ...ACCOUNT, function: 'ingest-access-logs' };
    const lag = { lagMs: 420_000 };
    const told = describeFinding(
      createOccurrence('blind.logs', { scope, latest: lag, peaks: lag }),
      INVENTORY,
    );

    expect(told).toMatchObject({
      title: 'Access logs arrive late',
      value: 420,
      expected: 300,
      unit: 'seconds',
    });
    expect(told.evidence[0]?.value).toContain('7 min late');
  });
});

describe('describeBlindMetrics()', () => {
  const scope = { ...ACCOUNT, function: 'detect-anomalies' };
  const at = (iso: string): number => Date.parse(iso);
  const observedAtMs = at('2026-03-02T14:20:00Z');

  it('describeFinding() names what stands still, since when, and what still runs', () => {
    const latest = {
      'stands:detect-anomalies/errors': at('2026-03-02T14:02:00Z'),
      'runs:detect-anomalies/logging': at('2026-03-02T14:19:00Z'),
    };
    const told = describeFinding(
      createOccurrence('blind.metrics', { scope, observedAtMs, latest }),
      INVENTORY,
    );

    expect(told.title).toBe('detect-anomalies/errors stands still since 14:02 UTC');
    expect(told.evidence).toEqual([
      { label: 'Stands still', value: 'detect-anomalies/errors since 14:02 UTC' },
      { label: 'Still runs', value: 'detect-anomalies/logging' },
    ]);
    expect(told.nextStep).toContain('cannot read or write');
  });

  it('describeFinding() says the date of what stands still since another day, and that the function does not run', () => {
    const latest = {
      'stands:detect-anomalies/errors': at('2026-03-01T23:02:00Z'),
      'stands:detect-anomalies/latency': at('2026-03-01T23:00:00Z'),
    };
    const told = describeFinding(
      createOccurrence('blind.metrics', { scope, observedAtMs, latest }),
      INVENTORY,
    );

    expect(told.title).toBe(
      'detect-anomalies/errors and 1 other evaluator stand still since 2026-03-01 23:02 UTC',
    );
    expect(told.nextStep).toContain('does not run to its end');
  });
});
