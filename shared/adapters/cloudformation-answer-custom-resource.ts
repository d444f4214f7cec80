import type { AnswerCustomResource, Wait } from '#shared/application/ports.ts';

const TIMEOUT_MS = 5_000;
const PAUSES_MS = [1_000, 2_000];

/** CloudFormation takes 4,096 bytes in all. */
const MAX_REASON_CHARACTERS = 500;

/** Only the status: errors of the network may hold the address, which lets anybody answer. */
async function put(url: string, body: Uint8Array): Promise<string> {
  try {
    // Bytes, since text would get a content type, and the address is signed for a request without one.
    const { ok, status } = await fetch(url, { method: 'PUT', body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return ok ? 'ok' : `HTTP ${status}`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'TimeoutError' : 'no answer';
  }
}

/**
 * Answers CloudFormation at the address that came with its request, up to three times.
 *
 * @returns A port that throws if the answer did not get through; nothing it says holds the address
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html}
 */
export function createAnswerCustomResource(wait: Wait): AnswerCustomResource {
  return async (request, outcome) => {
    const body = JSON.stringify({
      Status: outcome.status,
      Reason: outcome.status === 'FAILED' ? outcome.reason.slice(0, MAX_REASON_CHARACTERS) : '',
      PhysicalResourceId: request.physicalResourceId,
      StackId: request.stackId,
      RequestId: request.requestId,
      LogicalResourceId: request.logicalResourceId,
    });
    let result = '';
    for (const pauseMs of [...PAUSES_MS, null]) {
      result = await put(request.responseUrl, new TextEncoder().encode(body));
      if (result === 'ok') return;
      if (pauseMs !== null) await wait(pauseMs);
    }
    throw new Error(`CloudFormation did not take the answer: ${result}`);
  };
}
