import fc from 'fast-check';
import { it } from 'vitest';
import { foldMinutes } from '#shared/domain/detection/fold-minutes.ts';
import type { JudgedMinute, Judgement } from '#shared/domain/detection/occurrence.ts';

const MINUTE_MS = 60_000;
const STAGES = ['a', 'b', 'c'];
const KINDS = ['throttling.stage', 'throttling.client'] as const;

function judgement(
  kind: Judgement['kind'],
  stage: string,
  verdict: Judgement['verdict'],
  severity: Judgement['severity'] = 'warning',
): Judgement {
  return {
    kind,
    scope: { accountId: '123456789012', region: 'us-east-1', apiId: stage, stage: 'prod' },
    verdict,
    severity,
    latest: { refused: 1 },
    sums: { refused: 1 },
    peaks: { refused: 1 },
  };
}

/** `null` is a minute without trouble. */
const minutes = fc.array(
  fc.option(
    fc.array(fc.tuple(fc.constantFrom('breach', 'borderline', 'clean'), fc.constantFrom('info', 'warning')), {
      minLength: 6,
      maxLength: 6,
    }),
  ),
  { maxLength: 30 },
);

const all = KINDS.flatMap((kind) => STAGES.map((stage) => [kind, stage] as const));

it('foldMinutes() makes the same of one word for all stages as of a clean judgement of each', () => {
  const property = fc.property(minutes, fc.nat(30), (given, base) => {
    const fold = (quiet: (minuteMs: number) => JudgedMinute) =>
      foldMinutes(
        [],
        given.map((verdicts, index) => {
          const minuteMs = index * MINUTE_MS;
          if (verdicts === null) return quiet(minuteMs);
          return {
            minuteMs,
            judgements: all.map(([kind, stage], at) => {
              const [verdict, severity] = verdicts[at] ?? (['clean', 'info'] as const);
              return judgement(kind, stage, verdict, severity);
            }),
          };
        }),
        base * MINUTE_MS,
      );

    const byWord = fold((minuteMs) => ({ minuteMs, judgements: [], cleanElsewhere: KINDS }));
    const byEach = fold((minuteMs) => ({
      minuteMs,
      judgements: all.map(([kind, stage]) => judgement(kind, stage, 'clean')),
    }));

    return JSON.stringify(byWord) === JSON.stringify(byEach);
  });

  fc.assert(property, { numRuns: 500 });
});
