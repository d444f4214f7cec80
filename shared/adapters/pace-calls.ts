import type { Now, Wait } from '#shared/application/ports.ts';

type Pace = {
  /** Of all clients together, repeated attempts among them. */
  readonly callsPerSecond: number;
  readonly now: Now;
  readonly wait: Wait;
};

type PacingStep = <TArgs, TOutput>(
  next: (args: TArgs) => Promise<TOutput>,
) => (args: TArgs) => Promise<TOutput>;

/** What all clients of the SDK have in common, as far as it matters here. */
type PaceableClient = {
  readonly middlewareStack: {
    add(
      step: PacingStep,
      options: { readonly step: 'finalizeRequest'; readonly priority: 'low'; readonly name: string },
    ): void;
  };
};

/** Hands out starting times at a fixed distance; those who come together wait in line. */
function createTakeTurn({ callsPerSecond, now, wait }: Pace): () => Promise<void> {
  const distanceMs = 1_000 / callsPerSecond;
  let nextMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = now().getTime();
    const turnMs = Math.max(nowMs, nextMs);
    nextMs = turnMs + distanceMs;
    if (turnMs > nowMs) await wait(turnMs - nowMs);
  };
}

/**
 * Keeps clients at a common pace. The step comes after the one that repeats failed calls, so that every attempt takes
 * a turn.
 *
 * @returns A function that puts the pace on a client, and returns the client
 */
export function createPaceCalls(pace: Pace): <TClient extends PaceableClient>(client: TClient) => TClient {
  const takeTurn = createTakeTurn(pace);
  const step: PacingStep = (next) => async (args) => {
    await takeTurn();
    return next(args);
  };
  return (client) => {
    client.middlewareStack.add(step, { step: 'finalizeRequest', priority: 'low', name: 'paceCalls' });
    return client;
  };
}
