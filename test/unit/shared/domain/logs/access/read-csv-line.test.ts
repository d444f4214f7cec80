import { describe, expect, it } from 'vitest';
import { readCsvLine } from '#shared/domain/logs/access/read-csv-line.ts';

const TIME = '10/Jun/2023:15:36:28 +0000';
const UUID = '4c1bd5f8-c5a4-4a6b-9d5e-0a1b2c3d4e5f';
const ID = 'e_J3pGDNPHcEqag=';
const REST = `192.0.2.1,-,-,${TIME},GET,/pets/{id},HTTP/1.1,403,23,${UUID},${ID}`;
const FACTS = {
  time: TIME,
  httpMethod: 'GET',
  resourcePath: '/pets/{id}',
  status: '403',
  responseLength: '23',
  requestId: UUID,
  extendedRequestId: ID,
};

describe('readCsvLine()', () => {
  it.each([
    ['as documented', REST],
    ['with the extended request id first', `${ID},${REST.replace(`,${ID}`, '')}`],
    ['with commas in names', REST.replace('-,-', 'Doe, Jane,GET,/x,Doe, Jane, 200')],
    ['with nothing in names', REST.replace('-,-', ',')],
  ])('readCsvLine() reads the line of a REST API %s', (_, line) => {
    expect(readCsvLine(line, false)).toEqual(FACTS);
  });

  it('readCsvLine() reads the line of an HTTP API', () => {
    const line = `192.0.2.1,${TIME},GET,GET /pets,HTTP/1.1,200,-,${ID},${ID}`;

    const ids = { requestId: ID, extendedRequestId: ID };
    expect(readCsvLine(line, false)).toEqual({
      time: TIME,
      httpMethod: 'GET',
      routeKey: 'GET /pets',
      status: '200',
      ...ids,
    });
  });

  it.each([
    ['MESSAGE,send,abc=', { eventType: 'MESSAGE', routeKey: 'send', connectionId: 'abc=' }],
    ['MESSAGE,send, now,abc=', { eventType: 'MESSAGE', routeKey: 'send, now', connectionId: 'abc=' }],
    ['-,$connect,-', { routeKey: '$connect' }],
  ])('readCsvLine() reads the event %s of a WebSocket API', (event, facts) => {
    const line = `192.0.2.1,-,-,${TIME},${event},403,${ID}`;

    expect(readCsvLine(line, false)).toEqual({ time: TIME, status: '403', requestId: ID, ...facts });
  });

  it('readCsvLine() takes no raw path for a route, and keeps it only where it is asked for', () => {
    const line = REST.replace('/pets/{id}', '/pets/7?a=b');

    expect(readCsvLine(line, false)).not.toHaveProperty('resourcePath');
    expect(JSON.stringify(readCsvLine(line, false))).not.toContain('/pets');
    expect(readCsvLine(line, true)).toMatchObject({ path: '/pets/7?a=b' });
  });

  it.each([
    ['two times', REST.replace('-,-', `x,${TIME},GET,/x,HTTP/1.1,200,1,${UUID}`)],
    ['two times with one comma', REST.replace('-,-', `x,${TIME}`)],
    ['a path that brings a status', REST.replace('/pets/{id}', `/x,HTTP/1.1,200,5,${UUID}`)],
    ['something behind the ids', `${REST},curl/8.5.0`],
    ['another order', `GET,/pets,200,${TIME},${UUID}`],
    ['numbers', '1,2,3'],
    ['no id', REST.slice(0, REST.indexOf(`,${UUID}`))],
  ])('readCsvLine() leaves a line with %s alone', (_, line) => {
    expect(readCsvLine(line, false)).toBeNull();
  });
});
