import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { payload } from '#test/fakes/subscription-payloads.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { ROOT, replayJson, runCli } from '#test/integration/run-cli.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

const ACCESS = 'test/fixtures/both-kinds/access.jsonl';
const EXECUTION = 'test/fixtures/both-kinds/execution.log';
const GROUP = 'API-Gateway-Execution-Logs_a1fixture1/prod';
const ID = '33333333-0000-4000-8000-000000000001';
const STAGE_LINE = `Verifying Usage Plan for request: ${ID}. API Key:  API Stage: a1fixture1/prod`;
const TIMEOUT = 'Execution failed due to a timeout error';
const BODY = 'Method request body before transformations: {"card":"s3cret"}';

/** What the execution lines of the fixture tell. */
const EXECUTION_CAUSES = {
  'auth.authorizer-misconfigured': 1,
  'auth.denied': 1,
  'auth.unauthorized': 2,
  'client.validation': 1,
  'gateway.configuration': 1,
  'integration.concurrency': 1,
  'integration.function-error': 1,
  'integration.malformed-response': 1,
  'integration.network': 1,
  'integration.permission': 1,
  'integration.timeout': 1,
  'throttle.method': 1,
  'throttle.quota': 1,
  'throttle.usage-plan': 1,
};

function executionFile(name: string, texts: readonly string[]): string {
  return temp.write(
    name,
    texts.map((text, index) => `2026-03-02T10:00:0${index}.000Z (${ID}) ${text}`).join('\n'),
  );
}

describe.concurrent('gatewatch replay of execution logs', () => {
  it('replay tells beside the causes of access logs those of execution logs, and adds neither to the other', async () => {
    const [alone, both, reversed] = await Promise.all(
      [[ACCESS], [ACCESS, EXECUTION], [EXECUTION, ACCESS]].map((args) => replayJson(args)),
    );

    expect(both?.stderr).toBe('');
    expect(both?.report.requests).toEqual(alone?.report.requests);
    expect(both?.report.stages).toMatchObject([
      {
        apiId: 'a1fixture1',
        requests: 21,
        byCause: alone?.report.stages[0]?.byCause,
        executionCauses: EXECUTION_CAUSES,
      },
    ]);
    expect(both?.report.input).toMatchObject({ executionLines: 104, executionRejected: {}, rejected: {} });
    // Of four 429s, execution logs name three: two of usage plans, one of the method. Too few are left to be a finding of the stage.
    const isOfStage = ({ kind }: { readonly kind: string }) => kind === 'throttling.stage';
    expect(alone?.report.findings.filter(isOfStage)).toMatchObject([
      { value: 4, cause: 'throttle.unknown-level' },
    ]);
    expect(both?.report.findings).toEqual(
      alone?.report.findings.filter((finding: { kind: string }) => !isOfStage(finding)),
    );
    expect(reversed?.report.stages).toEqual(both?.report.stages);
  });

  it('replay counts events of payloads as lines of a file, and a repeated payload once', async () => {
    const lines = readFileSync(join(ROOT, EXECUTION), 'utf8').trimEnd().split('\n');
    const timestamp = Date.parse('2026-03-02T10:00:00Z');
    const events = JSON.stringify(
      payload(
        lines.map((line) => line.slice(25)),
        { logGroup: GROUP, timestamp },
      ),
    );

    const { report } = await replayJson([temp.write('twice.json', `${events}\n${events}`)]);

    expect(report.stages).toMatchObject([{ requests: 0, executionCauses: EXECUTION_CAUSES }]);
    expect(report.input.repeatedLines).toBeGreaterThan(0);
  });

  it('replay raises logging.bodies for a stage of which it sees bodies, and tells nothing of them', async () => {
    const events = payload([`(${ID}) ${BODY}`, `(${ID}) ${TIMEOUT}`], { logGroup: GROUP });
    const inGroup = temp.write('bodies.json', JSON.stringify(events));
    const inFile = executionFile('bodies.log', [STAGE_LINE, BODY, TIMEOUT]);

    for (const file of [inGroup, inFile]) {
      const { stdout, report } = await replayJson([ACCESS, file]);

      expect(report.stages).toMatchObject([{ apiId: 'a1fixture1', logsBodies: true }]);
      expect(report.findings).toContainEqual(
        expect.objectContaining({
          kind: 'logging.bodies',
          title: 'a1fixture1/prod logs request and response bodies',
        }),
      );
      expect(stdout).not.toContain('s3cret');
    }
  });

  it('replay counts no line of a file that does not tell of one stage, and says so', async () => {
    const other = STAGE_LINE.replace('a1fixture1/prod', 'a1fixture1/dev');
    const none = executionFile('none.log', [TIMEOUT]);
    const two = executionFile('two.log', [STAGE_LINE, TIMEOUT, other]);
    const timeless = temp.write('timeless.log', `(${ID}) ${STAGE_LINE}\n(${ID}) ${TIMEOUT}\n`);

    const { report } = await replayJson([none, two, timeless]);
    const { stdout } = await runCli(['replay', none]);

    expect(report.stages).toEqual([]);
    expect(report.input).toMatchObject({
      executionLines: 6,
      executionRejected: { 'no-stage': 2, 'no-time': 1 },
    });
    expect(stdout).toContain(
      'execution 1 line about failures not counted: no-stage (docs/replay.md#execution-logs)\n',
    );
  });

  it('replay prints what execution logs say below the stages', async () => {
    const { stdout } = await runCli([
      'replay',
      ACCESS,
      executionFile('text.log', [STAGE_LINE, BODY, TIMEOUT]),
    ]);

    expect(stdout).toContain(
      'a1fixture1/prod by execution logs: integration.timeout 1 · bodies are logged\n',
    );
  });

  it('replay warns where only execution logs were read', async () => {
    const { code, stderr } = await replayJson([EXECUTION]);

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: execution logs count no request; gatewatch parse tells what they say of each\n',
    });
  });
});
