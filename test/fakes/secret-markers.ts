import { constants, gunzipSync } from 'node:zlib';

/** Makes values that stand for secrets: `mark(name)` gives a new one, which is told apart from all others. */
export type Markers = {
  readonly mark: (name: string) => string;
  /** What to look for, by the name it was made for. */
  readonly cores: ReadonlyMap<string, string>;
};

/** Letters and digits only, so that no escaping changes them; long enough to be nobody's text by chance. */
function coreOf(index: number): string {
  return `zQ${String(index).padStart(4, '0')}XwK7v`;
}

/** Around the core stands what JSON, URLs, mrkdwn and terminals write in another way. */
export function createMarkers(): Markers {
  const cores = new Map<string, string>();
  return {
    cores,
    mark: (name) => {
      const core = coreOf(cores.size);
      cores.set(`${name} #${cores.size}`, core);
      return `${core} "ü%/+<@`;
    },
  };
}

/** What base64 makes of a text wherever in its bytes it stands, without the letters that its neighbours have a part in. */
function base64Forms(core: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.from(' '.repeat(before) + core).toString('base64');
    const cleanEnd = Math.floor(((before + core.length) * 8) / 6);
    const form = encoded.slice(Math.ceil((before * 8) / 6), cleanEnd);
    return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** All needles begin with as many letters, by which they are found in one pass. */
const HEAD_LENGTH = 8;

type Needles = ReadonlyMap<string, readonly (readonly [needle: string, name: string])[]>;

function toNeedles(cores: ReadonlyMap<string, string>, formsOf: (core: string) => string[]): Needles {
  const needles = new Map<string, [string, string][]>();
  for (const [name, core] of cores) {
    for (const form of formsOf(core)) {
      if (form.length < HEAD_LENGTH) throw new RangeError(`${name} is too short to be looked for`);
      const head = form.slice(0, HEAD_LENGTH);
      needles.set(head, [...(needles.get(head) ?? []), [form, name]]);
    }
  }
  return needles;
}

function search(text: string, needles: Needles, found: Set<string>): void {
  for (let at = 0; at + HEAD_LENGTH <= text.length; at += 1) {
    for (const [needle, name] of needles.get(text.slice(at, at + HEAD_LENGTH)) ?? []) {
      if (text.startsWith(needle, at)) found.add(name);
    }
  }
}

function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) =>
    Buffer.from(escaped.replaceAll('%', ''), 'hex').toString('latin1'),
  );
}

/** Base64 of gzip begins with these letters: log batches travel so. */
const GZIP_RUN = /H4sI[A-Za-z0-9+/]{16,}={0,2}/g;

function unpackGzip(text: string): string {
  const unpacked = [...text.matchAll(GZIP_RUN)].map(([run]) => {
    try {
      return gunzipSync(Buffer.from(run, 'base64'), { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
    } catch {
      return '';
    }
  });
  return [text, ...unpacked].join('\n');
}

/**
 * Finds secrets in what a program gave away: as they are, in any case, and in base64, gzip, hex and percent-encoding.
 *
 * @param channels - Texts by the name of the way they went
 * @param cores - What to look for, at least eight letters or digits each
 * @returns `channel: name of the secret`
 */
export function findLeaks(
  channels: Readonly<Record<string, string>>,
  cores: ReadonlyMap<string, string>,
): string[] {
  const inAnyCase = toNeedles(cores, (core) => [core.toLowerCase(), Buffer.from(core).toString('hex')]);
  const exact = toNeedles(cores, base64Forms);
  return Object.entries(channels).flatMap(([channel, text]) => {
    const found = new Set<string>();
    const read = unpackGzip(decodePercent(text));
    search(read.toLowerCase(), inAnyCase, found);
    search(read, exact, found);
    return [...cores.keys()].filter((name) => found.has(name)).map((name) => `${channel}: ${name}`);
  });
}
