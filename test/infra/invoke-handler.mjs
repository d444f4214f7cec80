// Does what Lambda does in a fresh environment: loads the handler that its first argument names and gives it each of
// the events on standard input, one JSON document a line.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** Of each invocation. */
const TIMEOUT_MS = Number(process.env.TEST_TIMEOUT_MS ?? 30_000);

const [file, exportName] = process.argv.slice(2);
const { [exportName]: handler } = await import(pathToFileURL(file).href);
let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const deadlineMs = Date.now() + TIMEOUT_MS;
  count += 1;
  await handler(JSON.parse(line), {
    awsRequestId: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  });
}
