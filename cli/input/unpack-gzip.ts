import { createGunzip, type Gunzip } from 'node:zlib';
import { peek } from '#cli/input/peek.ts';

/** The first two bytes of every gzip file. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

type Unpacking = {
  /** Takes a part, or the end, and gives what is unpacked by then. */
  readonly step: (packed: Buffer | null) => Promise<Buffer[]>;
  /** `ended` before the last part: what follows is padding. */
  readonly state: () => 'going-on' | 'ended' | Error;
};

/** Damage and the end of the gzip data are events, and a write that meets them never calls back. */
function createUnpacking(gunzip: Gunzip): Unpacking {
  const out: Buffer[] = [];
  let state: 'going-on' | 'ended' | Error = 'going-on';
  let settle = (): void => {};
  const settleAs = (newState: 'ended' | Error): void => {
    state = newState;
    settle();
  };
  gunzip
    .on('data', (part: Buffer) => out.push(part))
    .on('end', () => settleAs('ended'))
    .on('error', settleAs);
  return {
    state: () => state,
    step: async (packed) => {
      if (state !== 'going-on') return [];
      await new Promise<void>((resolve) => {
        settle = resolve;
        if (packed === null) gunzip.end();
        else gunzip.write(packed, () => resolve());
      });
      return out.splice(0);
    },
  };
}

/** Unpacks part by part, so that what was good is given before damage further on is reported. */
async function* gunzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { step, state } = createUnpacking(createGunzip());
  const failIfDamaged = (): void => {
    const now = state();
    if (now instanceof Error) throw now;
  };
  for await (const chunk of chunks) {
    yield* await step(chunk);
    failIfDamaged();
  }
  yield* await step(null);
  failIfDamaged();
}

/** Gives the bytes of a file as they are, or unpacked if they are gzip, which is told by the first of them. */
export async function* unpackGzip(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const { first, all } = await peek(chunks, GZIP_MAGIC.length);
  yield* first.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC) ? gunzipped(all) : all;
}
