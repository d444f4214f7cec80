import { describe, expect, it } from 'vitest';
import { splitExportedLine } from '#cli/input/exported-line.ts';

const TIME_MS = Date.parse('2026-03-02T10:00:00.123Z');
const JSON_LINE = '{"requestId":"r1","status":"200"}';
const STREAM = '0123456789abcdef0123456789abcdef';
const ID = '706499f2-afe6-11e8-b7eb-8d53f824f304';

describe('splitExportedLine()', () => {
  it.each([
    ['JSON from S3', `2026-03-02T10:00:00.123Z ${JSON_LINE}`, JSON_LINE],
    ['JSON from the AWS CLI', `2026-03-02T10:00:00.123000+00:00 ${STREAM} ${JSON_LINE}`, JSON_LINE],
    ['XML', '2026-03-02T10:00:00.123Z <request id="r1"/>', '<request id="r1"/>'],
    ['CLF', '2026-03-02T10:00:00.123Z 192.0.2.1 - - [x', '192.0.2.1 - - [x'],
    ['CLF of an IPv6 address', '2026-03-02T10:00:00.123Z 2001:db8::1 - - [x', '2001:db8::1 - - [x'],
    [
      'CLF with the id first',
      '2026-03-02T10:00:00.123Z FIXb0000001= 192.0.2.1 -',
      'FIXb0000001= 192.0.2.1 -',
    ],
    ['CSV', '2026-03-02T10:00:00.123Z 192.0.2.1,-,-', '192.0.2.1,-,-'],
    ['pairs', '2026-03-02T10:00:00.123Z requestId: r1, status: 200', 'requestId: r1, status: 200'],
  ])('splitExportedLine() takes the time off a line of %s', (_, line, text) => {
    expect(splitExportedLine(line)).toEqual({ text, timeMs: TIME_MS });
  });

  it.each([
    ['a line without a time', JSON_LINE],
    ['a line of an execution log', `2026-03-02T10:00:00.123Z (${ID}) Method completed with status: 200`],
    ['one without id, as of 2016', `2016-03-02T10:00:00.123Z Starting execution for request: ${ID}`],
    ['one of the AWS CLI', `2026-03-02T10:00:00.123Z ${STREAM} (${ID}) HTTP Method: GET`],
    ['a time alone', '2026-03-02T10:00:00.123Z'],
    ['nothing', ''],
  ])('splitExportedLine() leaves %s as it is', (_, line) => {
    expect(splitExportedLine(line)).toEqual({ text: line, timeMs: null });
  });
});
