import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonObject, splitJsonObjects } from '#cli/input/split-json-objects.ts';

const MAX_BYTES = 1_000;

async function* inParts(text: string, partBytes: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += partBytes)
    yield bytes.subarray(start, start + partBytes);
}

async function split(text: string, partBytes = 7, maxBytes = MAX_BYTES): Promise<JsonObject[]> {
  const objects: JsonObject[] = [];
  for await (const object of splitJsonObjects(inParts(text, partBytes), maxBytes)) objects.push(object);
  return objects;
}

function textsOf(objects: readonly JsonObject[]): string[] {
  return objects.map((object) => (object.ok ? object.text : object.reason));
}

const payloads = fc.array(
  fc.record({
    messageType: fc.constant('DATA_MESSAGE'),
    logEvents: fc.array(
      fc.record({
        message: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('{"owner":', '"}]\\')),
      }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('splitJsonObjects()', () => {
  it.each([
    ['one on each line', (texts: string[]) => texts.join('\n')],
    ['one after the other', (texts: string[]) => texts.join('')],
    ['over several lines', (texts: string[]) => texts.map((text) => pretty(text)).join('\r\n')],
  ])('splitJsonObjects() gives what was written %s, in whatever parts it comes', async (_, join) => {
    const property = fc.asyncProperty(
      payloads,
      fc.integer({ min: 1, max: 40 }),
      async (values, partBytes) => {
        const objects = await split(join(values.map((value) => JSON.stringify(value))), partBytes, 1e9);
        const read = textsOf(objects).map((text) => JSON.stringify(JSON.parse(text)));
        return JSON.stringify(read) === JSON.stringify(values.map((value) => JSON.stringify(value)));
      },
    );

    await fc.assert(property);
  });

  it('splitJsonObjects() tells the line on which each object begins', async () => {
    const objects = await split('\n{"a":1}{"b":2}\n{\n"c": 3\n}\n\n{"d":4}');

    expect(objects.map(({ line }) => line)).toEqual([2, 2, 3, 7]);
  });

  it.each([
    ['within a text', '{"messageType":"DATA_MESSAGE","logEvents":[{"message":"abc'],
    ['after an escape', '{"messageType":"DATA_MESSAGE","logEvents":[{"message":"abc\\'],
    ['between values', '{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1"},'],
    ['after the first key', '{"messageType":'],
  ])('splitJsonObjects() gives the objects on the lines around one that is cut %s', async (_, broken) => {
    const good = '{"messageType":"DATA_MESSAGE","logEvents":[]}';

    const objects = await split([good, broken, good, good].join('\n'));

    expect(textsOf(objects)).toEqual([good, 'cut', good, good]);
    expect(objects.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });

  it('splitJsonObjects() says that the last object is cut', async () => {
    expect(await split('{"a":1}\n{"b":[1,')).toEqual([
      { ok: true, line: 1, text: '{"a":1}' },
      { ok: false, line: 2, reason: 'cut' },
    ]);
  });

  it('splitJsonObjects() gives an object of exactly the limit, and says that a longer one is too long', async () => {
    const ofLength = (length: number): string => `{"a":"${'x'.repeat(length - 8)}"}`;

    const objects = await split([ofLength(50), ofLength(51), ofLength(20)].join('\n'), 7, 50);

    expect(textsOf(objects)).toEqual([ofLength(50), 'too-long', ofLength(20)]);
  });

  it('splitJsonObjects() names text between objects once, and drops a byte order mark', async () => {
    const objects = await split('\uFEFF{"a":1} some text\n]] {"b":2}');

    expect(objects).toEqual([
      { ok: true, line: 1, text: '{"a":1}' },
      { ok: false, line: 1, reason: 'not-json' },
      { ok: true, line: 2, text: '{"b":2}' },
    ]);
  });

  it.each(['"', '{', '\\', '[', '{"owner":'])(
    'splitJsonObjects() reads a megabyte of %j in linear time',
    async (part) => {
      const text = `{"messageType":${part.repeat(1_048_576 / part.length)}`;
      const startMs = performance.now();

      await split(text, 65_536);

      expect(performance.now() - startMs).toBeLessThan(2_000);
    },
  );
});

function pretty(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}
