import { describe, expect, it } from 'vitest';
import { spellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { readPairsLine } from '#shared/domain/logs/access/read-pairs-line.ts';

/** The format that the Serverless Framework configures for REST APIs. */
const LINE =
  'requestId: 00000000-0000-4000-8000-000000000001, ip: 192.0.2.1, caller: -, user: -, ' +
  'requestTime: 10/Jun/2023:15:36:28 +0000, httpMethod: GET, resourcePath: /orders/{id}, status: 502, ' +
  'protocol: HTTP/1.1, responseLength: 36';

function read(line: string) {
  return readPairsLine(line, spellingOf);
}

describe('readPairsLine()', () => {
  it('readPairsLine() reads what the Serverless Framework configures', () => {
    expect(read(LINE)).toEqual({
      requestId: '00000000-0000-4000-8000-000000000001',
      time: '10/Jun/2023:15:36:28 +0000',
      httpMethod: 'GET',
      resourcePath: '/orders/{id}',
      status: '502',
      responseLength: '36',
    });
  });

  it('readPairsLine() reads names of other facts in another order', () => {
    expect(
      read('status: 504, responseLatency: 29000, routeKey: GET /orders, requestId: JKJaXmPLvHcESHA='),
    ).toEqual({
      status: '504',
      responseLatency: '29000',
      routeKey: 'GET /orders',
      requestId: 'JKJaXmPLvHcESHA=',
    });
  });

  it('readPairsLine() drops a fact that stands twice, and the line if it is the status', () => {
    const forged = (pair: string) => read(LINE.replace('user: -', `user: x, ${pair}`));

    expect(forged('httpMethod: POST')).not.toHaveProperty('httpMethod');
    expect(forged('httpMethod: GET')).toHaveProperty('httpMethod', 'GET');
    expect(forged('status: 200')).toBeNull();
  });

  it.each([
    ['a line of a program', 'level: info, status: 200, took: 5'],
    ['a request id of another kind', LINE.replace('00000000-0000-4000-8000-000000000001', '42')],
    ['text before the first name', `2023-06-10 ${LINE}`],
    ['a START line of Lambda', 'START RequestId: 00000000-0000-4000-8000-000000000001 Version: $LATEST'],
    ['nothing', ''],
  ])('readPairsLine() leaves %s alone', (_, line) => {
    expect(read(line)).toBeNull();
  });
});
