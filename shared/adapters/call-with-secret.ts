import { errorWord } from '#shared/adapters/plain-word.ts';
import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import type { PutOff } from '#shared/application/receiver-ports.ts';

async function readOr(read: () => Promise<string>): Promise<string | PutOff> {
  try {
    return await read();
  } catch (error) {
    return { type: 'put-off', reason: `no secret: ${errorWord(error)}`, retryAfterMs: null };
  }
}

/**
 * Makes a call with a secret. If the answer says that the secret is wrong, it is read anew, and if it has changed the
 * call is made once more.
 *
 * @returns The last answer; or that nothing was called, as the secret cannot be read
 */
export async function callWithSecret<Answer>(
  { read, refresh }: SecretReader,
  call: (secret: string) => Promise<Answer>,
  saysSecretIsWrong: (answer: Answer) => boolean,
): Promise<Answer | PutOff> {
  const secret = await readOr(read);
  if (typeof secret !== 'string') return secret;
  const answer = await call(secret);
  if (!saysSecretIsWrong(answer)) return answer;
  const fresh = await readOr(refresh);
  if (typeof fresh !== 'string') return fresh;
  return fresh === secret ? answer : call(fresh);
}
