import { describe, expect, it } from 'vitest';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import { collectGarbage } from '#test/fakes/collect-garbage.ts';

const LINES = 100;
const PADDING = 'x'.repeat(300_000);

/** Keys are remembered across lines, so each format has its own. */
const FORMATS: Readonly<Record<string, (key: string) => string>> = {
  JSON: (key) => `{"requestId":"a1","status":"200","json_${key}":"1","userAgent":"a"b${PADDING}"}`,
  XML: (key) =>
    `<request id="a1"><xml_${key}>1</xml_${key}><status>200</status><ua>${PADDING}</ua></request>`,
  pairs: (key) =>
    `requestId: 79cfd0d6-4b2a-4f4d-9d7b-2b1f7d3d3c6e, pairs_${key}: 1, status: 200, ua: ${PADDING}`,
};

describe('the memory of createReadAccessLogLine()', () => {
  it.each(Object.keys(FORMATS))(
    'createReadAccessLogLine() keeps nothing of long lines of %s alive',
    (name) => {
      const readLine = createReadAccessLogLine();
      const beforeBytes = collectGarbage();

      let read = 0;
      for (let index = 0; index < LINES; index += 1) {
        // Each text is made flat, as one that was read is.
        const line = Buffer.from(FORMATS[name]?.(`a_key_of_some_length_${index}`) ?? '').toString();
        if (typeof readLine(line) !== 'string') read += 1;
      }
      const heldBytes = collectGarbage() - beforeBytes;

      expect(read).toBe(LINES);
      expect(heldBytes).toBeLessThan(3_000_000);
    },
  );
});
