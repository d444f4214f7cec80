import { describe, expect, it } from 'vitest';
import { parseAccessLog } from '#shared/domain/logs/access/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import { writeAccessLog } from '#shared/domain/simulation/write-access-log.ts';
import { hasExecutionLog, writeExecutionLog } from '#shared/domain/simulation/write-execution-log.ts';
import { createRandom } from '#test/fakes/random.ts';
import { createScenario, createStage, play } from '#test/fakes/scenario.ts';

describe('writeExecutionLog()', () => {
  const plain = createStage('orders', 5);
  const usagePlan = { rateRps: 2, burst: 2 };
  const withLevel = (executionLogLevel: 'ERROR' | 'OFF') => ({
    stages: [{ ...plain, usagePlan, item: { ...plain.item, executionLogLevel } }],
    rhythm: 'even' as const,
    durationMs: 60_000,
  });
  const idOf = (line: string) => /\(([0-9a-f-]{36})\)/.exec(line)?.[1];

  it('writeExecutionLog() writes a line for each request that the usage plan refused, with the ids of the access log', () => {
    const scenario = createScenario(withLevel('ERROR'));
    const lines = [...writeExecutionLog(scenario, createRandom(1))];
    const refused = [...writeAccessLog(scenario, createRandom(1))].flatMap((line) => {
      const parsed = parseAccessLog(createReadAccessLogLine(), line, 0);
      const { requestId, status } = JSON.parse(line) as { requestId: string; status: string };
      return parsed.ok && status === '429' ? [requestId] : [];
    });

    expect(refused.length).toBeGreaterThan(50);
    expect(lines.map(idOf)).toEqual(refused);
    expect(lines[0]).toMatch(
      / exceeded throttle limit for API Stage orders\/prod: .* Limit: 2\.00 Burst: 2\n$/,
    );
  });

  it('writeExecutionLog() writes nothing for a stage without one', () => {
    const scenario = createScenario(withLevel('OFF'));

    expect([...writeExecutionLog(scenario, createRandom(1))]).toEqual([]);
    expect(hasExecutionLog(scenario)).toBe(false);
    expect(hasExecutionLog(createScenario(withLevel('ERROR')))).toBe(true);
  });
});

describe('writeAccessLog()', () => {
  const differences = { quota: { rateRps: 3, burst: 3 }, durationMs: 60_000, rhythm: 'even' } as const;
  const linesOf = (logsAccountRefusals: boolean) => [
    ...writeAccessLog(createScenario({ ...differences, logsAccountRefusals }), createRandom(1)),
  ];

  it('writeAccessLog() leaves out what the account throttle refused where that is not logged, and nothing else', () => {
    const all = linesOf(true);

    expect(all.length).toBe(play(differences).length);
    expect(linesOf(false)).toEqual(all.filter((line) => !line.includes('"status":"429"')));
    expect(linesOf(false).length).toBeLessThan(all.length);
  });
});
