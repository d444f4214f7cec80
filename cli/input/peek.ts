/** The first bytes of a stream, and the whole stream from its start. */
export type Peeked = { readonly first: Buffer; readonly all: AsyncGenerator<Buffer> };

async function* chain(
  parts: readonly Buffer[],
  rest: AsyncGenerator<Buffer>,
  failure: { readonly error: unknown } | null,
): AsyncGenerator<Buffer> {
  try {
    yield* parts;
    if (failure !== null) throw failure.error;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/**
 * Looks at the start of a stream: as many bytes as asked for, if there are as many; a pipe may give them one by one.
 * A stream that fails meanwhile gives what it had, and fails when `all` is read to there.
 */
export async function peek(chunks: AsyncGenerator<Buffer>, atLeastBytes: number): Promise<Peeked> {
  const parts: Buffer[] = [];
  let failure: { readonly error: unknown } | null = null;
  try {
    for (let bytes = 0; bytes < atLeastBytes; bytes += parts.at(-1)?.length ?? 0) {
      const next = await chunks.next();
      if (next.done === true) break;
      parts.push(next.value);
    }
  } catch (error) {
    failure = { error };
  }
  return { first: Buffer.concat(parts), all: chain(parts, chunks, failure) };
}
