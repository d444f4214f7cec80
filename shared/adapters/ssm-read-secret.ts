import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Now } from '#shared/application/ports.ts';

/** A rotated secret is in use after this time at the latest. */
const CACHE_MS = 5 * 60_000;

/** A secret that stays wrong is not asked for with every message. */
const REFRESH_INTERVAL_MS = 30_000;

/** Says that there is no secret; names the parameter, never a value. */
class EmptySecretError extends Error {
  override readonly name = 'EmptySecretError';
}

/** Reads one secret. Both throw if it cannot be read or is empty; no error holds it. */
export type SecretReader = {
  /** The secret as it was at most five minutes ago. */
  readonly read: () => Promise<string>;
  /** The secret as it is now, for who was told that it is wrong; as of the last refresh if that was within 30 s. */
  readonly refresh: () => Promise<string>;
};

/**
 * Reads a SecureString, kept for five minutes across invocations. A secret of Secrets Manager is read by SSM's name for
 * it, `/aws/reference/secretsmanager/NAME`; it has to be plain text, not key/value pairs. White space around it is not
 * part of it, as a file or a console adds some unseen.
 *
 * @see {@link https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html}
 */
export function createSsmReadSecret(client: SSMClient, name: string, now: Now): SecretReader {
  let cached: { readonly value: string; readonly untilMs: number } | null = null;
  let refreshedAtMs = Number.NEGATIVE_INFINITY;

  async function fetchValue(nowMs: number): Promise<string> {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    const value = Parameter?.Value?.trim() ?? '';
    if (value === '') throw new EmptySecretError(`SSM parameter ${name} is empty`);
    cached = { value, untilMs: nowMs + CACHE_MS };
    return value;
  }

  async function read(): Promise<string> {
    const nowMs = now().getTime();
    return cached !== null && cached.untilMs > nowMs ? cached.value : fetchValue(nowMs);
  }

  async function refresh(): Promise<string> {
    const nowMs = now().getTime();
    if (nowMs - refreshedAtMs < REFRESH_INTERVAL_MS) return read();
    refreshedAtMs = nowMs;
    return fetchValue(nowMs);
  }

  return { read, refresh };
}
