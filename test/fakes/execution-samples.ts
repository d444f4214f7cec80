import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';
import { createExecutionLineJoiner } from '#shared/domain/logs/stories/join-execution-lines.ts';
import type { ExecutionEvent } from '#shared/domain/logs/stories/read-story-line.ts';

/** A decoded subscription payload. */
export type SamplePayload = {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: readonly LogEvent[];
};

/** Logs that others have published. They are no part of this repository, and lie beside it where there are any. */
const FOLDER = fileURLToPath(new URL('../../../shared/samples', import.meta.url));

/** How the names of subscription payloads end; the other files are text. */
export const SUBSCRIPTION = '.subscription.json';

/** Whether there are published logs to test with. */
export const hasSamples = existsSync(FOLDER);

/** Names of the execution logs. */
export const EXECUTION_SAMPLES = hasSamples
  ? readdirSync(FOLDER).filter((name) => name.startsWith('exec-'))
  : [];

if (!hasSamples) console.warn('real samples: absent. The tests against published execution logs do not run.');

function readText(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** A file that is a subscription payload. */
export function readPayload(name: string): SamplePayload {
  return JSON.parse(readText(name)) as SamplePayload;
}

/** The messages of a payload, or the lines of a text. */
export function readSampleMessages(name: string): string[] {
  if (!name.endsWith(SUBSCRIPTION)) return readText(name).trimEnd().split('\n');
  return readPayload(name).logEvents.map(({ message }) => message);
}

/** The events of a payload, or those that the lines of a text make. */
export function readSampleEvents(name: string): ExecutionEvent[] {
  if (name.endsWith(SUBSCRIPTION)) {
    const { logGroup, logStream: stream, logEvents } = readPayload(name);
    return logEvents.map(({ id, timestamp: timestampMs, message }) => ({
      id,
      timestampMs,
      message,
      logGroup,
      stream,
    }));
  }
  const joiner = createExecutionLineJoiner(name);
  const events = readSampleMessages(name).map((line, index) => joiner.add(line, index + 1));
  return [...events, joiner.end()].filter((event) => event !== null);
}
