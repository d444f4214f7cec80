import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Now } from '#shared/application/ports.ts';

/** A rotated secret is in use after this time at the latest. */
const CACHE_MS = 5 * 60_000;

/**
 * Reads a SecureString, kept for five minutes across invocations.
 *
 * @returns A reader that throws if the parameter is missing or empty; the error names it, never its value
 */
export function createSsmReadSecret(client: SSMClient, name: string, now: Now): () => Promise<string> {
  let cached: { readonly value: string; readonly untilMs: number } | null = null;
  return async () => {
    const nowMs = now().getTime();
    if (cached !== null && cached.untilMs > nowMs) return cached.value;
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    const value = Parameter?.Value;
    if (value === undefined || value === '') throw new Error(`SSM parameter ${name} is empty`);
    cached = { value, untilMs: nowMs + CACHE_MS };
    return value;
  };
}
