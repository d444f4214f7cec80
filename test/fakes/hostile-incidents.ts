import fc from 'fast-check';
import { alarmFinding } from '#shared/domain/alarms/alarm-finding.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { toHeldBackFinding } from '#shared/domain/findings/describe-held-back.ts';
import { unlistedStage } from '#shared/domain/inventory/stage.ts';
import { createAlarmChange } from '#test/fakes/alarm-events.ts';
import { hostileText } from '#test/fakes/arbitraries.ts';
import { createFinding } from '#test/fakes/finding.ts';
import { JUDGED_KINDS } from '#test/fakes/kinds.ts';
import { createMute } from '#test/fakes/mute.ts';
import { ACCOUNT, createOccurrence } from '#test/fakes/occurrence.ts';

/** What people and clients could write where Gatewatch reads a name. */
const nastyName: fc.Arbitrary<string> = fc.oneof(
  hostileText,
  fc.constantFrom(
    '<!channel>',
    '<@U012AB3CD>',
    '<http://x.example|y>',
    '@here',
    'evil.example/login',
    '*bold* _it_ ~no~ `code` ```block```',
    'a\n*Next*  run this\n>quote',
    '\u202egnp.exe\u2066',
    `Z${'\u0351\u0489\u033f'.repeat(200)}`,
    '👩‍👩‍👧‍👦'.repeat(300),
    '\ud83d',
    'x'.repeat(10_000),
    '&lt;'.repeat(2_500),
    '"'.repeat(10_000),
    '\\'.repeat(10_000),
    '',
    '   ',
  ),
);

const number = fc.double({ min: 0, max: 1e9, noNaN: true });

const judged: fc.Arbitrary<Finding> = fc
  .record({
    kind: fc.constantFrom(...JUDGED_KINDS),
    apiName: nastyName,
    stage: nastyName,
    logGroup: fc.option(nastyName),
    isOfFunction: fc.boolean(),
    status: fc.constantFrom('open', 'cleared'),
    value: number,
  })
  .map(({ kind, apiName, stage, logGroup, isOfFunction, status, value }) => {
    const scope = { ...ACCOUNT, apiId: 'a1', stage, ...(isOfFunction && { function: apiName }) };
    const item = { ...unlistedStage(scope), apiName, logGroup, tracing: true };
    const keys = [`refused:a1/${stage}`, `stands:${apiName}`, `runs:${stage}`, 'demandRps', 'recentRatio'];
    const measures = Object.fromEntries(keys.map((key) => [key, value]));
    const occurrence = createOccurrence(kind, {
      scope,
      status,
      latest: measures,
      sums: measures,
      peaks: measures,
    });
    return createFinding({ kind, status, scope, ...describeFinding(occurrence, [item]) });
  });

const alarm: fc.Arbitrary<Finding> = fc
  .record({ name: nastyName, reason: nastyName, description: nastyName })
  .map((texts) => ({ ...createFinding(), ...alarmFinding(createAlarmChange(texts)) }));

const heldBack: fc.Arbitrary<Finding> = fc
  .record({ reason: nastyName, api: nastyName, title: nastyName })
  .map(({ reason, api, title }) => {
    const incidents = Array.from({ length: 7 }, (_, index) => ({
      id: `i${index}`,
      title,
      severity: 'critical' as const,
      openedAt: '2026-03-02T14:00:00.000Z',
    }));
    const mute = createMute({ reason, match: { api }, heldBack: { count: 9, incidents } });
    return { ...createFinding(), ...toHeldBackFinding(mute, ACCOUNT, new Set(['i1', 'i2'])) };
  });

const alerting: fc.Arbitrary<Finding> = fc
  .record({ kind: fc.constantFrom('alerting.undeliverable', 'alerting.drill'), text: nastyName })
  .map(({ kind, text }) =>
    createFinding({ kind, title: text, nextStep: text, evidence: [{ label: text, value: text }] }),
  );

/** A finding of any kind, put into words by the code itself, in which every name is somebody else's. */
export const hostileFinding: fc.Arbitrary<Finding> = fc.oneof(
  { arbitrary: judged, weight: 15 },
  alarm,
  heldBack,
  alerting,
);
