import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';

/** A secret that was rotated: `read` gives the first value, every `refresh` the next one, and the last one for ever. */
export function createSecretReader(
  ...values: [string, ...string[]]
): SecretReader & { refreshes: () => number } {
  let index = 0;
  let refreshes = 0;
  const current = (): string => values[Math.min(index, values.length - 1)] ?? '';
  return {
    read: async () => current(),
    refresh: async () => {
      index += 1;
      refreshes += 1;
      return current();
    },
    refreshes: () => refreshes,
  };
}
