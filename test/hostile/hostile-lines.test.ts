import { expect, it } from 'vitest';
import { CAUSE_SLUGS, type CauseSlug } from '#shared/domain/causes/causes.ts';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { parseAccessLog } from '#shared/domain/logs/access/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import type { ApiRequest } from '#shared/domain/logs/access/request.ts';
import { parseExecutionLine } from '#shared/domain/logs/execution/execution-line.ts';
import { parseRequestLine } from '#shared/domain/logs/joined/parse-request-line.ts';
import { type ParsedRequest, requestOfStory } from '#shared/domain/logs/joined/parsed-request.ts';
import { parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { createExecutionLineJoiner } from '#shared/domain/logs/stories/join-execution-lines.ts';
import { createStoryAssembler } from '#shared/domain/logs/stories/story-assembler.ts';
import { countEnvelope } from '#shared/domain/metrics/count-envelope.ts';
import { countExecutionCauses } from '#shared/domain/metrics/count-execution-causes.ts';
import { createWriteHostileLine } from '#test/fakes/hostile-lines.ts';

/** `npm run test:hostile` asks for a million. */
const LINES = Number(process.env['HOSTILE_LINES'] ?? 20_000);
const SEED = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 2 ** 31);
/** So many share an envelope, a reader of formats and a reader of stories. */
const BATCH = 500;
/** A line takes some microseconds. One that takes this long would take minutes if it were longer. */
const MAX_LINE_MS = 2_000;

/** Longer than any message of API Gateway once what it quotes is masked. */
const MAX_MESSAGE_LENGTH = 2_000;

const RECEIVED_MS = Date.UTC(2026, 2, 16, 12);
const GROUP = 'API-Gateway-Execution-Logs_a1b2c3/prod';
const CAUSES = new Set<CauseSlug | null>([null, ...CAUSE_SLUGS]);

function isCount(value: number | null): boolean {
  return value === null || (Number.isFinite(value) && value >= 0);
}

/** What must be true of a request, whatever was in its line. */
function isRequest(request: ApiRequest): boolean {
  const { status, timeMs, cause, responseLatencyMs, integrationLatencyMs, responseLengthBytes } = request;
  return (
    Number.isInteger(status) &&
    status >= 100 &&
    status <= 599 &&
    timeMs > 0 &&
    status >= 400 === (cause !== null) &&
    CAUSES.has(cause) &&
    [responseLatencyMs, integrationLatencyMs, responseLengthBytes].every(isCount)
  );
}

/** What `gatewatch parse` prints of a request: one line, with a message that is none longer than API Gateway's own. */
function isPrintable(request: ParsedRequest): boolean {
  return !JSON.stringify(request).includes('\n') && (request.errorMessage ?? '').length <= MAX_MESSAGE_LENGTH;
}

/** Reads one line in each way in which lines are read. */
function createReadOneLine() {
  const readLine = createReadAccessLogLine();
  const readLineWithPath = createReadAccessLogLine({ keepsPath: true });
  const joiner = createExecutionLineJoiner('file.log');
  const stories = createStoryAssembler();
  let number = 0;
  return (line: string): boolean => {
    number += 1;
    const access = parseAccessLog(readLine, line, RECEIVED_MS);
    const execution = parseExecutionLine(line);
    const event = joiner.add(line, number);
    const told = event === null ? [] : stories.add(event);
    const parsed = parseRequestLine(readLineWithPath, line, RECEIVED_MS);
    const requests = [...(typeof parsed === 'string' ? [] : [parsed]), ...told.map(requestOfStory)];
    return (
      requests.every(isPrintable) &&
      (access.ok ? isRequest(access.request) : access.reason !== undefined) &&
      CAUSES.has(execution?.cause ?? null) &&
      told.every(
        ({ cause, status }) => CAUSES.has(cause) && (status === null || (status >= 100 && status <= 599)),
      )
    );
  };
}

function packed(messages: readonly string[], logGroup: string) {
  const logEvents = messages.map((message, id) => ({ id: String(id), timestamp: RECEIVED_MS, message }));
  const payload = { messageType: 'DATA_MESSAGE', owner: '1', logGroup, logStream: 'b', logEvents };
  const parsed = parseEnvelope(Buffer.from(JSON.stringify(payload)));
  if (parsed.kind !== 'data') throw new Error('Not an envelope with data');
  return parsed.envelope;
}

function countOf(rejected: Readonly<Record<string, { count: number }>>): number {
  return Object.values(rejected).reduce((sum, { count }) => sum + count, 0);
}

/** Every line of an envelope is counted once: as a request, or as rejected. */
function isCountedOnce(lines: readonly string[]): boolean {
  const { requests, rejected } = countEnvelope(packed(lines, 'a'), createIdentifyStage('a', []), RECEIVED_MS);
  const failed = countExecutionCauses(packed(lines, GROUP), RECEIVED_MS);
  return requests + countOf(rejected) === lines.length && failed.requests <= lines.length;
}

/** Says with which seed the line comes again. */
function describeLine(line: string): string {
  return `seed ${SEED}: ${JSON.stringify(line.slice(0, 2_000))}`;
}

it(`${LINES} hostile lines of all kinds are read without a throw, a hang or a wrong kind of result`, () => {
  const write = createWriteHostileLine(SEED);
  for (let done = 0; done < LINES; done += BATCH) {
    const lines = Array.from({ length: Math.min(BATCH, LINES - done) }, write);
    const readOneLine = createReadOneLine();
    for (const line of lines) {
      const startMs = performance.now();
      const isRight = (() => {
        try {
          return readOneLine(line);
        } catch (cause) {
          throw new Error(`A line throws, ${describeLine(line)}`, { cause });
        }
      })();
      if (!isRight) expect.fail(`A line reads as nothing there can be, ${describeLine(line)}`);
      if (performance.now() - startMs > MAX_LINE_MS)
        expect.fail(`A line takes too long, ${describeLine(line)}`);
    }
    if (!isCountedOnce(lines))
      expect.fail(`An envelope is not counted once, seed ${SEED}, from line ${done}`);
  }
}, 1_800_000);
