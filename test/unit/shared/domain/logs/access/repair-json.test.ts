import { describe, expect, it } from 'vitest';
import { spellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { repairJson } from '#shared/domain/logs/access/repair-json.ts';

function repair(line: string) {
  return repairJson(line, spellingOf);
}

describe('repairJson()', () => {
  it.each([
    ['a text quoted twice', '"error":""Forbidden"",', { errorMessage: 'Forbidden' }],
    ['an empty text quoted twice', '"error":"""",', {}],
    ['quotes in a text', '"error":"say "hi", or "bye"",', { errorMessage: 'say "hi", or "bye"' }],
    ['JSON in a text', '"error":"{"a":1}",', { errorMessage: '{"a":1}' }],
    ['a control character', '"error":"a\tb",', { errorMessage: 'a\tb' }],
    ['a line break', '"error":"a\nb",', { errorMessage: 'a\nb' }],
    ['a backslash at the end', '"error":"C:\\",', { errorMessage: 'C:\\' }],
    ['escapes beside it', '"x":-,"error":"say \\"hi\\"",', { errorMessage: 'say "hi"' }],
    ['a dash without quotes', '"responseLatency":-,"integration":{"latency":-},', {}],
    [
      'texts without quotes',
      '"stage":prod,"errorMessage":not allowed, sorry,',
      { stage: 'prod', errorMessage: 'not allowed, sorry' },
    ],
    ['nothing for a value', '"stage":,"apiId":"a",', { apiId: 'a' }],
    [
      'a nested text quoted twice',
      '"error":{"messageString":""Forbidden"","responseType":"ACCESS_DENIED"},',
      { errorMessage: 'Forbidden', errorType: 'ACCESS_DENIED' },
    ],
    ['a list beside it', '"list":["x",{"status":"200"}],"x":-,', {}],
  ])('repairJson() reads %s, and what stands around it', (_, member, facts) => {
    const line = `{"requestId":"a",${member}"status":"403"}`;

    expect(() => JSON.parse(line)).toThrow(SyntaxError);
    expect(repair(line)).toEqual({ requestId: 'a', status: '403', ...facts });
  });

  it('repairJson() reads a text with quotes at the end of a line', () => {
    expect(repair('{"status":"403","error":"say "hi""}')).toEqual({
      status: '403',
      errorMessage: 'say "hi"',
    });
    expect(repair('{"status":"403","error":{"message":"say "hi""}}\n')).toEqual({
      status: '403',
      errorMessage: 'say "hi"',
    });
  });

  it.each([
    ['in a text', '{"status":"403","stage":"prod","error":"Forb'],
    ['in a text with a mark', '{"status":"403","stage":"prod","error":"Forb[TRUNCATED]'],
    ['behind a text', '{"status":"403","stage":"prod"'],
    ['behind a text with a mark', '{"status":"403","stage":"prod"[TRUNCATED]'],
    ['behind a comma', '{"status":"403","stage":"prod",'],
    ['in a key', '{"status":"403","stage":"prod","responseL'],
    ['behind the quote of a key', '{"status":"403","stage":"prod","'],
    ['behind a key', '{"status":"403","stage":"prod","responseLatency"'],
    ['behind a colon', '{"status":"403","stage":"prod","responseLatency": '],
    ['in a number', '{"status":403,"stage":"prod","responseLatency":12'],
    ['in an object', '{"status":"403","stage":"prod","integration":{"lat'],
    ['in a list', '{"status":"403","stage":"prod","list":["a"'],
  ])('repairJson() reads a line that is cut %s, as far as it goes', (_, line) => {
    expect(repair(line)).toEqual({ status: '403', stage: 'prod' });
  });

  it.each([
    ['{"requestId":"a","ip":"192.0.2.1","caller":"-","user":"-","status":"403","protocol":"HTTP/1.1","resp'],
    [
      '{"status":"403","integrationRequestId":"x","authorizerLatency":"3","wafLatency":"1","requestId":"a","err',
    ],
  ])('repairJson() reads the cut line %s, in which no client wrote', (line) => {
    expect(repair(line)).toEqual({ requestId: 'a', status: '403' });
  });

  it.each([
    ['a user agent', '"userAgent":"x"'],
    ['a path', '"path":"/x"'],
    ['the text of an error', '"errorMessage":"x"'],
    ['a list', '"x":[]'],
    ['an empty object', '"x":{}'],
  ])('repairJson() takes no status from behind %s in a cut line', (_, member) => {
    expect(repair(`{"requestId":"a",${member},"status":"200","pad":"AAA`)).toBeNull();
  });

  it('repairJson() takes no status from an object that a client ended right where the line is cut', () => {
    expect(repair('{"requestId":"a","userAgent":"x","status":"200"}[TRUNCATED]')).toBeNull();
  });

  it.each([
    ['the same key', '","status":"200","x":"a"b'],
    ['another key for it', '","statusCode":"200","x":"a"b'],
    ['a key that differs by case', '","STATUS":"200","x":"a"b'],
    ['a value without quotes', '","status":200,"x":"a"b'],
    ['a text that would go on behind it', '","status":"200","x":"\\'],
    ['an object around what follows', '","status":"200","x":{"y":"'],
    ['a list around what follows', '","status":"200","x":["'],
    ['the end of the object', '","status":"200"}'],
    ['a value that begins where its text ends', '","status":"200","x":'],
  ])('repairJson() does not let a client give the status with %s', (_, agent) => {
    expect(repair(`{"requestId":"a","userAgent":"${agent}","status":"403"}`)).toBeNull();
  });

  it('repairJson() does not let a client hide the status of a format that quotes no text', () => {
    const agent = '"x","status":"200","y":"';

    expect(repair(`{"requestId":"a","userAgent":${agent},"status":"403"}`)).toBeNull();
  });

  it('repairJson() leaves out another fact that stands twice', () => {
    const agent = '","requestId":"forged","x":"a"b';

    expect(repair(`{"requestId":"a","userAgent":"${agent}","status":"403"}`)).toEqual({ status: '403' });
  });

  it('repairJson() takes two facts for one where they agree', () => {
    const times = '"requestTime":"02/Mar/2026:10:00:00 +0000","requestTimeEpoch":1772445600123';

    expect(repair(`{"status":"403","Status":403,${times},"x":-}`)).toEqual({
      status: '403',
      time: '1772445600123',
    });
    expect(repair(`{"status":"403",${times.replace('600123', '601123')},"x":-}`)).toEqual({ status: '403' });
  });

  it.each([
    ['no status', '{"requestId":"a","x":-}'],
    ['a status that is cut', '{"requestId":"a","status":"40'],
    ['a number that may be cut', '{"requestId":"a","status":403'],
    ['a status with a quote', '{"requestId":"a","status":"40"3"}'],
    ['a status that is none', '{"requestId":"a","status":"4030","x":-}'],
    ['a key without quotes', '{"status":"403",error:"x"}'],
    ['no key', '{"status":"403",-}'],
    ['two objects', '{"status":"403"}{"status":"403"}'],
    ['text behind the object', '{"status":"403"} x'],
    ['a quote in a text without quotes', '{"status":"403","stage":pr"od"}'],
    ['a missing comma', '{"status":403 "stage":"prod"}'],
    ['a missing comma behind an object', '{"status":"403","x":{"y":-}"stage":"prod"}'],
  ])('repairJson() reads no line with %s', (_, line) => {
    expect(repair(line)).toBeNull();
  });
});
