import { describe, expect, it } from 'vitest';
import { spellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { readXmlLine } from '#shared/domain/logs/access/read-xml-line.ts';

function read(line: string) {
  return readXmlLine(line, spellingOf);
}

describe('readXmlLine()', () => {
  it('readXmlLine() reads attributes and elements, but no address and no user', () => {
    const line =
      '<request id="a-1"> <ip>192.0.2.1</ip> <user>jane</user> <requestTime>10/Jun/2023:15:36:28 +0000</requestTime> <routeKey>GET /pets</routeKey> <status>403</status> </request>';

    expect(read(line)).toEqual({
      requestId: 'a-1',
      time: '10/Jun/2023:15:36:28 +0000',
      routeKey: 'GET /pets',
      status: '403',
    });
  });

  it.each([
    ['in another order', '<r><status>403</status><requestId>a</requestId></r>'],
    ['under other names', '<log><http-status>403</http-status><request_id>a</request_id></log>'],
    ['in attributes', '<request requestId="a" status="403"/>'],
    ['beside attributes of others', '<log><user id="b"/><requestId>a</requestId><status>403</status></log>'],
    ['with spaces', '<r > <status> 403 </status>\t<requestId\n>a</requestId></r>\n'],
    ['behind a declaration', '<?xml version="1.0"?><r><status>403</status><requestId>a</requestId></r>'],
    ['twice and the same', '<r><status>403</status><requestId>a</requestId><status>403</status></r>'],
  ])('readXmlLine() reads facts %s', (_, line) => {
    expect(read(line)).toEqual({ status: '403', requestId: 'a' });
  });

  it('readXmlLine() joins the names of nested elements', () => {
    const line =
      '<r><status>504</status><integration><status>-</status><latency>29000</latency></integration><error responseType="INTEGRATION_TIMEOUT"/></r>';

    expect(read(line)).toEqual({
      status: '504',
      integrationLatency: '29000',
      errorType: 'INTEGRATION_TIMEOUT',
    });
  });

  it.each([
    ['nothing', '<r><status></status><requestId>a</requestId></r>'],
    ['a dash', '<r><status>-</status><requestId>a</requestId></r>'],
    ['no element', '<r><requestId>a</requestId></r>'],
    ['an element that is deep', '<r><a><status>200</status></a><requestId>a</requestId></r>'],
  ])('readXmlLine() takes no status from %s', (_, line) => {
    expect(read(line)).toEqual({ requestId: 'a' });
  });

  it.each([
    ['a second status', '</ua><status>200</status><ua>'],
    ['a second request', '</ua></r><r><status>200</status><ua>'],
    ['a second status under another name', '</ua><httpStatus>200</httpStatus><ua>'],
    ['a comment around the real status', '</ua><status>200</status><!--'],
    ['a section around the real status', '</ua><status>200</status><![CDATA['],
    ['an element around the real status', '</ua><status>200</status><x><ua>'],
    ['a tag that opens', '<b>'],
    ['a tag that closes', '</b>'],
  ])('readXmlLine() does not read a line into which a client wrote %s', (_, agent) => {
    expect(read(`<r><ua>${agent}</ua><status>403</status></r>`)).toBeNull();
  });

  it('readXmlLine() reads beside a text with signs that are no tags', () => {
    expect(read('<r><ua>a < b && c > d <!-- <3 <1> </ua><status>403</status></r>')).toEqual({
      status: '403',
    });
  });

  it.each([
    ['a cut line', '<r><status>403</status><requ'],
    ['elements that are deeper than facts are', '<a><a><a><a><a><a></a></a></a></a></a></a>'],
  ])('readXmlLine() leaves %s alone', (_, line) => {
    expect(read(line)).toBeNull();
  });
});
