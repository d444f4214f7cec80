import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';

/** A line in the embedded metric format, as a function writes it. */
export type EmbeddedMetrics = Readonly<Record<string, unknown>>;

function parseEmbedded(message: string): EmbeddedMetrics[] {
  if (!message.startsWith('{"_aws"')) return [];
  return [JSON.parse(message) as EmbeddedMetrics];
}

/** All lines of a function's own log, oldest first. */
export async function readFunctionLog(client: CloudWatchLogsClient, functionName: string): Promise<string[]> {
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await client.send(
      new FilterLogEventsCommand({
        logGroupName: `/aws/lambda/${STACK_NAME}-${functionName}`,
        ...(nextToken !== undefined && { nextToken }),
      }),
    );
    messages.push(...(answer.events ?? []).map(({ message = '' }) => message));
    ({ nextToken } = answer);
  } while (nextToken !== undefined);
  return messages;
}

/**
 * What a function counted about itself. The emulator does not turn the embedded metric format into metrics, so the
 * lines themselves are read.
 */
export async function sumOfEmbedded(
  client: CloudWatchLogsClient,
  functionName: string,
  metricName: string,
): Promise<number> {
  const lines = (await readFunctionLog(client, functionName)).flatMap(parseEmbedded);
  return lines
    .filter((line) => !('Reason' in line))
    .reduce((sum, line) => sum + Number(line[metricName] ?? 0), 0);
}
