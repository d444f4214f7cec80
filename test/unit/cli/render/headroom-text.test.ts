import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { renderHeadroomLine } from '#cli/render/headroom-line.ts';
import { renderHeadroom } from '#cli/render/headroom-text.ts';
import type { SourceComparison, StageComparison } from '#shared/domain/headroom/sources/compare-sources.ts';
import type { Disagreement } from '#shared/domain/headroom/sources/disagreement.ts';
import type { HeadroomSurvey } from '#shared/domain/headroom/survey/headroom-survey.ts';
import { createFinding } from '#test/fakes/finding.ts';
import {
  climbingMinutes,
  createHeadroomSurvey,
  surveyedStage,
  withoutSeconds,
} from '#test/fakes/headroom-survey.ts';

const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

function render(survey: HeadroomSurvey, columns = 120): string {
  return renderHeadroom(survey, { colors: picocolors.createColors(false), columns });
}

const EXHAUSTED = createFinding({
  kind: 'headroom.exhausted',
  scope: ACCOUNT,
  title: 'Account throttle exhausted',
  evidence: [{ label: 'Now', value: '11,200 rps of 10,000 (112 %)' }],
  cause: null,
});

const NEIGHBOUR = createFinding({
  id: 'a'.repeat(64),
  kind: 'noisy-neighbour',
  severity: 'warning',
  title: 'orders-api/prod takes the shared quota',
  evidence: [{ label: 'Caused by', value: 'orders-api/prod: 6,100 rps, usually 900' }],
  nextStep: 'Limit orders-api/prod at its stage.',
  cause: null,
});

/** Sixty stages, whose APIs have long names that would do something to a terminal. */
const CROWD = createHeadroomSurvey({
  stages: Array.from({ length: 60 }, (_, index) =>
    surveyedStage(`a${index}`, {
      apiName: `an-api-whose-name-nobody-can-read-in-one-go-number-${index}-\u001b[2J\u202eevil\r\n`,
      nowRps: 1_000 - index,
      share: 1 / 60,
      usualShare: 1 / 60,
    }),
  ),
});

function compared(
  apiName: string,
  reason: Disagreement,
  shareOfAccount: number,
  countedRequests = 600,
): StageComparison {
  return {
    id: { apiId: apiName, stage: 'prod' },
    name: `${apiName}/prod`,
    hasAccessLog: reason !== 'no-access-log',
    loggedRequests: 0,
    countedRequests,
    reason,
    shareOfAccount,
  };
}

function comparison(stages: readonly StageComparison[]): SourceComparison {
  return {
    fromMs: 0,
    minutes: 30,
    stages,
    sharedCounts: [],
    account: {
      loggedRequests: 0,
      countedRequests: 0,
      requests: 0,
      untoldRequests: 0,
      untoldRatio: 0,
      unidentifiedRequests: 0,
      undimensionedRequests: null,
    },
    reasons: [],
  };
}

describe('renderHeadroom()', () => {
  it('renderHeadroom() says at 120 columns what the design draws', () => {
    expect(render(createHeadroomSurvey())).toMatchInlineSnapshot(`
      "us-east-1 123456789012  quota 10,000 rps, burst 5,000 (GetAccount; Service Quotas agrees)   14:05 UTC, complete to 14:04
      now   4,812 rps  ███████████████░░░░░░░░░░░░░░░░░ 48 %   peak second 7,699 (77 %) at 14:03:22   bucket never below 4,971
      30 m  ▅▅▅▅▅▆▆▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇▇▇█████  +62 rps/min → quota in 84 min (80 %: 61 to 132 min)
      top   orders-api/prod 2,410 (50 %, usual 31 %) no limit · users-api/prod 1,130 (23 %) limit 2,000 ·
            payments-api/prod 640 (13 %) no limit
      "
    `);
  });

  it('renderHeadroom() breaks lines between their parts at 80 columns', () => {
    expect(render(createHeadroomSurvey(), 80)).toMatchInlineSnapshot(`
      "us-east-1 123456789012                              14:05 UTC, complete to 14:04
      quota 10,000 rps, burst 5,000 (GetAccount; Service Quotas agrees)
      now   4,812 rps  ███████████████████░░░░░░░░░░░░░░░░░░░░░ 48 %
            peak second 7,699 (77 %) at 14:03:22   bucket never below 4,971
      30 m  ▅▅▅▅▅▆▆▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇▇▇█████
            +62 rps/min → quota in 84 min (80 %: 61 to 132 min)
      top   orders-api/prod 2,410 (50 %, usual 31 %) no limit ·
            users-api/prod 1,130 (23 %) limit 2,000 ·
            payments-api/prod 640 (13 %) no limit
      "
    `);
  });

  it('renderHeadroom() tells findings of one story as one, as their message would', () => {
    const text = render(createHeadroomSurvey({ findings: [EXHAUSTED, NEIGHBOUR] }));

    expect(text.slice(text.indexOf('\n\n'))).toMatchInlineSnapshot(`
      "

      critical Account throttle exhausted, since 14:00 UTC
               Now        11,200 rps of 10,000 (112 %)
               Caused by  orders-api/prod: 6,100 rps, usually 900
               Next       Limit orders-api/prod at its stage.
      "
    `);
  });

  it('renderHeadroom() tells what is worth no message as well', () => {
    const low = createFinding({ ...EXHAUSTED, kind: 'headroom.low', severity: 'info', title: 'Close' });

    expect(render(createHeadroomSurvey({ findings: [low] }))).toMatch(/^info {5}Close, since 14:00 UTC$/m);
  });

  it('renderHeadroom() does not claim to know when what held all the time began', () => {
    const since = createFinding({ ...EXHAUSTED, startedAt: '2026-03-02T13:34:00.000Z' });

    expect(render(createHeadroomSurvey({ findings: [since] }))).toMatch(
      /^critical Account throttle exhausted, for 31 minutes or longer$/m,
    );
  });

  it('renderHeadroom() says what means of minutes do not tell', () => {
    const { minutes, stages } = createHeadroomSurvey();
    const text = render(
      createHeadroomSurvey({
        source: 'service-counts',
        minutes: withoutSeconds(minutes),
        stages: stages.map((stage) => ({ ...stage, throttled: null })),
      }),
    );

    expect(text).toMatch(/^note {2}means of minutes, as API Gateway counts them: peaks/m);
    expect(text).not.toMatch(/peak second|bucket never|bucket empty/);
  });

  it('renderHeadroom() names what it is blind for, the most of it first, and not what is only late', () => {
    const text = render(
      createHeadroomSurvey({
        sources: comparison([
          compared('late-api', 'late-logs', 0.5),
          compared('internal-\u001b[2Japi', 'no-access-log', 0.03),
          compared('idle-api', 'no-access-log', 0, 0),
          compared('lossy-api', 'lost-lines', 0.2),
        ]),
      }),
    );

    expect(text).toMatch(
      /^blind lossy-api\/prod has log lines that never came or cannot be read \(20 % of the account's requests\) ·\n {6}internal-\[2Japi\/prod has no access log \(3 % of the account's requests\)$/m,
    );
  });

  it('renderHeadroom() says only how many more it is blind for', () => {
    const blind = Array.from({ length: 9 }, (_, index) => compared(`api-${index}`, 'no-access-log', 0.1));

    expect(render(createHeadroomSurvey({ sources: comparison(blind) }))).toMatch(/ · 6 more$/m);
  });

  it.each(['blind.logs', 'headroom.forecast'] as const)(
    'renderHeadroom() tells of %s in its own line, and again only if it is worth a message',
    (kind) => {
      const known = createFinding({ kind, severity: 'info', title: 'Told above', scope: ACCOUNT });
      const worse = createFinding({ ...known, severity: 'warning' });

      expect(render(createHeadroomSurvey({ findings: [known] }))).not.toContain('Told above');
      expect(render(createHeadroomSurvey({ findings: [worse] }))).toContain('Told above');
    },
  );

  it('renderHeadroom() leaves out an account that is not known', () => {
    const text = render(createHeadroomSurvey({ scope: { accountId: 'unknown', region: 'eu-west-1' } }));

    expect(text).toMatch(/^eu-west-1 {2}quota /);
  });

  it('renderHeadroom() takes old data for old, and forecasts nothing from it', () => {
    const text = render(createHeadroomSurvey({ minutes: climbingMinutes(3_000, 4_000).slice(0, 15) }));

    expect(text).toMatch(/^now {3}no requests counted since 13:49 UTC: there were none, or their metrics/m);
    expect(text).not.toMatch(/rps\/min|→ quota|top /);
  });

  it('renderHeadroom() shows minutes that are not known as such', () => {
    const minutes = climbingMinutes(4_000, 4_000).filter((_, index) => index % 10 !== 3);

    expect(render(createHeadroomSurvey({ minutes }))).toMatch(/^30 m {2}███·█████████·█████████·██████ /m);
  });

  it.each([
    [0.9, 0.1, 'steady'],
    [40, 41, 'steady'],
    [-40, 10, '−40 rps/min'],
    [40, 10, '\\+40 rps/min'],
  ])('renderHeadroom() puts a trend of %s ± %s rps a minute into words', (slope, margin, words) => {
    const trend = { slopeRpsPerMinute: slope, slopeMarginRps: margin };
    const text = render(createHeadroomSurvey({ trend, forecast: null }));

    expect(text).toMatch(new RegExp(`^30 m {2}[▁-█]{30} {2}${words}$`, 'm'));
  });

  it('renderHeadroom() says nothing of a trend that too few minutes tell', () => {
    const text = render(createHeadroomSurvey({ trend: null, forecast: null }));

    expect(text).toMatch(/^30 m {2}[▁-█]{30}$/m);
  });

  it('renderHeadroom() draws more than all as all, and says how much it is', () => {
    const text = render(createHeadroomSurvey({ minutes: climbingMinutes(11_000, 11_200) }));

    expect(text).toMatch(/^now {3}11,200 rps {2}█+ 112 %/m);
    expect(text).not.toContain('░');
  });

  it('renderHeadroom() says how long the bucket was empty', () => {
    const minutes = climbingMinutes(11_000, 11_000).map((minute) => ({
      ...minute,
      perSecond: minute.perSecond && { ...minute.perSecond, secondsAtZero: 2 },
    }));

    expect(render(createHeadroomSurvey({ minutes }))).toContain('bucket empty for 60 s');
  });

  it.each([60, 80, 120])('renderHeadroom() keeps a crowd with hostile names within %i columns', (columns) => {
    const lines = render(CROWD, columns).trimEnd().split('\n');

    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines.join(' ')).not.toMatch(/[\p{Bidi_Control}\p{Cc}]/u);
    expect(lines.at(-1)).toContain('55 more');
    // Each can still be told from the others.
    expect(lines.filter((line) => /number-|a\d+\//.test(line) || line.includes('…'))).toHaveLength(5);
  });

  it('renderHeadroom() is as wide with colours as without', () => {
    const survey = createHeadroomSurvey({ findings: [EXHAUSTED, NEIGHBOUR] });
    const coloured = renderHeadroom(survey, { colors: picocolors.createColors(true), columns: 100 });

    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(render(survey, 100));
  });
});

describe('renderHeadroomLine()', () => {
  it('renderHeadroomLine() says the newest minute in one line', () => {
    expect(renderHeadroomLine(createHeadroomSurvey({ findings: [EXHAUSTED, NEIGHBOUR] }))).toBe(
      '2026-03-02 14:03 UTC  4,812 rps  48 %  peak second 7,699 (77 %)  orders-api/prod 50 %  critical: Account throttle exhausted\n',
    );
  });

  it('renderHeadroomLine() does not take no data for 0', () => {
    expect(renderHeadroomLine(createHeadroomSurvey({ source: 'none', minutes: [], stages: [] }))).toBe(
      '2026-03-02 14:04 UTC  no requests, or no metrics of them yet\n',
    );
  });

  it('renderHeadroomLine() is one line, whatever APIs are called', () => {
    expect(renderHeadroomLine(CROWD).trimEnd()).not.toMatch(/[\p{Bidi_Control}\p{Cc}]/u);
  });
});
