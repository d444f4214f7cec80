import { describe, expect, it } from 'vitest';
import {
  isBodyLoggingConfigured,
  judgeBodyLogging,
  withSeenBodies,
} from '#shared/domain/detection/judge-body-logging.ts';
import { type ExecutionLogLevel, unlistedStage } from '#shared/domain/inventory/stage.ts';

const SCOPE = { accountId: '123456789012', region: 'us-east-1', apiId: 'a1', stage: 'prod' };

describe('isBodyLoggingConfigured()', () => {
  const cases: [boolean | undefined, ExecutionLogLevel | undefined, boolean | null][] = [
    [true, 'INFO', true],
    [true, 'ERROR', true],
    [true, 'OFF', false],
    [false, 'INFO', false],
    [false, undefined, false],
    [undefined, 'OFF', false],
    [undefined, 'INFO', null],
    [true, undefined, null],
    [undefined, undefined, null],
  ];

  it.each(cases)('isBodyLoggingConfigured() tells data trace %s at level %s as %s', (bodies, level, told) => {
    const settings = {
      ...(bodies !== undefined && { logsBodies: bodies }),
      ...(level !== undefined && { executionLogLevel: level }),
    };

    expect(isBodyLoggingConfigured(settings)).toBe(told);
  });
});

describe('withSeenBodies()', () => {
  it.each([
    [undefined, 'INFO'],
    ['OFF', 'INFO'],
    ['ERROR', 'ERROR'],
  ] as const)('withSeenBodies() makes a stage at level %s one that logs bodies at %s', (before, after) => {
    const item = {
      ...unlistedStage({ apiId: 'a1', stage: 'prod' }),
      logsBodies: false,
      ...(before !== undefined && { executionLogLevel: before }),
    };

    const seen = withSeenBodies(item);

    expect(seen).toEqual({ ...item, logsBodies: true, executionLogLevel: after });
    expect(isBodyLoggingConfigured(seen)).toBe(true);
  });
});

describe('judgeBodyLogging()', () => {
  it('judgeBodyLogging() finds what is configured, without any line seen', () => {
    expect(judgeBodyLogging(SCOPE, { isConfigured: true, linesSeen: 0 })).toMatchObject({
      kind: 'logging.bodies',
      scope: SCOPE,
      verdict: 'breach',
      severity: 'warning',
    });
  });

  it.each([null, false])('judgeBodyLogging() finds lines that were seen, configured %s', (isConfigured) => {
    expect(judgeBodyLogging(SCOPE, { isConfigured, linesSeen: 3 })).toMatchObject({
      verdict: 'breach',
      sums: { linesSeen: 3 },
    });
  });

  it('judgeBodyLogging() takes settings as evidence that it is over', () => {
    expect(judgeBodyLogging(SCOPE, { isConfigured: false, linesSeen: 0 })).toMatchObject({
      verdict: 'clean',
    });
  });

  it('judgeBodyLogging() takes no line as no evidence', () => {
    expect(judgeBodyLogging(SCOPE, { isConfigured: null, linesSeen: 0 })).toBeNull();
  });
});
