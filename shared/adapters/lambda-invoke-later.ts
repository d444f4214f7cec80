import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { InvokeLater } from '#shared/application/letter-ports.ts';

const ACCEPTED = 202;

/**
 * Invokes functions asynchronously: Lambda puts the event into its queue, and repeats and keeps it as any other.
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html}
 */
export function createInvokeLater(client: LambdaClient): InvokeLater {
  return async (functionArn, payload) => {
    const { StatusCode } = await client.send(
      new InvokeCommand({
        FunctionName: functionArn,
        InvocationType: 'Event',
        Payload: Buffer.from(payload),
      }),
    );
    if (StatusCode !== ACCEPTED) throw new Error(`Lambda did not take the event: status ${StatusCode}`);
  };
}
