import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmChange } from '#shared/domain/alarms/alarm-change.ts';
import { alarmFinding } from '#shared/domain/alarms/alarm-finding.ts';
import { createAlarmChange } from '#test/fakes/alarm-events.ts';

/** The texts of a finding about an alarm. */
function textsOf(change: AlarmChange): string[] {
  const finding = alarmFinding(change);
  if (finding === null) throw new Error('This change makes a finding');
  const { title, evidence, links, unit, scope } = finding;
  const facts = evidence.flatMap(({ label, value }) => [label, value]);
  return [title, unit, ...facts, ...links.map(({ url }) => url), scope.apiName ?? '', scope.stage ?? ''];
}

function linkOf(differences: Partial<AlarmChange>): string | undefined {
  return alarmFinding(createAlarmChange(differences))?.links[0]?.url;
}

/** All its texts are this one; of names, CloudWatch takes 255 characters. */
function hostileChange(text: string): AlarmChange {
  const [metric] = createAlarmChange().metrics;
  return createAlarmChange({
    name: `a${text}`.slice(0, 255),
    reason: text,
    description: text,
    metrics: metric
      ? [{ ...metric, name: text, dimensions: { ApiName: text, Stage: text, [text]: text } }]
      : [],
    expressions: [{ expression: text, label: text, returnData: true }],
    rule: text,
    triggeringAlarms: [{ name: text, state: text }],
  });
}

describe('alarmFinding()', () => {
  it('makes printable lines of bounded length of whatever texts an alarm has', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3_000 }),
      fc.constantFrom(
        '\u202Eevil',
        '\u0007\u001b[31m',
        '\ud83d',
        'x'.repeat(5_000),
        '😀'.repeat(900),
        '\n\n\r\t',
      ),
    );
    const property = fc.property(nasty, (text) =>
      textsOf(hostileChange(text)).every(
        (line) => line.length <= 2_500 && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(line),
      ),
    );

    fc.assert(property, { numRuns: 500 });
  });

  it('cuts what is long, and says so', () => {
    const { title, evidence } = alarmFinding(hostileChange('x'.repeat(5_000))) ?? { title: '', evidence: [] };

    expect(title).toMatch(/^CloudWatch alarm ax+…$/);
    expect(title).toHaveLength('CloudWatch alarm '.length + 120);
    expect(evidence.find(({ label }) => label === 'Reason')?.value).toHaveLength(300);
  });

  it('lists three of many metrics', () => {
    const [metric] = createAlarmChange().metrics;
    const metrics = ['A', 'B', 'C', 'D', 'E'].flatMap((name) => (metric ? [{ ...metric, name }] : []));

    const facts = alarmFinding(createAlarmChange({ metrics }))?.evidence;

    expect(facts?.find(({ label }) => label === 'Metric')?.value).toBe(
      'AWS/ApiGateway A (Sum, 60 s) · AWS/ApiGateway B (Sum, 60 s) · AWS/ApiGateway C (Sum, 60 s) and 2 more',
    );
  });

  it.each([
    [0.020599444741798756, '0.0206 (threshold 25)'],
    [45_628.4, '45,628 (threshold 25)'],
    [-3, '-3 (threshold 25)'],
  ])('prints the datapoint %d as %s', (value, expected) => {
    const facts = alarmFinding(createAlarmChange({ recentDatapoints: [value] }))?.evidence;

    expect(facts?.find(({ label }) => label === 'Now')?.value).toBe(expected);
  });

  it.each([
    [530, 193.3, 531.4, 531.4],
    [600, 193.3, 531.4, 531.4],
    [41, 193.3, 531.4, 193.3],
    [41, null, 531.4, 531.4],
  ])('expects of %d in a band from %j to %j: %d', (value, lower, upper, expected) => {
    const change = createAlarmChange({ recentDatapoints: [value], band: { lower, upper }, threshold: null });

    expect(alarmFinding(change)?.expected).toBe(expected);
  });

  it('prints a band that is open on one side', () => {
    const change = createAlarmChange({ recentDatapoints: [600], band: { lower: null, upper: 531.4 } });

    expect(alarmFinding(change)?.evidence[0]).toEqual({ label: 'Now', value: '600 (band open to 531.4)' });
  });

  it.each([
    [
      'a/b c#é',
      'us-east-1',
      'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/a%2Fb%20c%23%C3%A9',
    ],
    [
      'orders',
      'cn-north-1',
      'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/orders',
    ],
    [
      'orders',
      'us-gov-west-1',
      'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#alarmsV2:alarm/orders',
    ],
  ])('links to the alarm %s in %s', (name, region, url) => {
    expect(linkOf({ name, region })).toBe(url);
  });

  it.each([
    ['é'.repeat(255), 'us-east-1'],
    ['orders', 'us-iso-east-1'],
  ])('links to nothing where there is no such address: %s in %s', (name, region) => {
    expect(linkOf({ name, region })).toBeUndefined();
  });

  it('takes no start after the change for true, as clocks of two states may differ', () => {
    const { changedAtMs } = createAlarmChange();
    const previous = { state: 'ALARM', sinceMs: changedAtMs + 5 } as const;

    const finding = alarmFinding(createAlarmChange({ state: 'OK', previous }));

    expect(finding?.startedAt).toBe(finding?.observedAt);
  });
});
