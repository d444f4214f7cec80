import { describe, expect, it } from 'vitest';
import { readClfLine } from '#shared/domain/logs/access/read-clf-line.ts';

const TIME = '10/Jun/2023:15:36:28 +0000';
const UUID = '4c1bd5f8-c5a4-4a6b-9d5e-0a1b2c3d4e5f';
const ID = 'e_J3pGDNPHcEqag=';
const REST = `192.0.2.1 - - [${TIME}]"GET /pets/{id} HTTP/1.1" 403 23 ${UUID} ${ID}`;
const FACTS = {
  time: TIME,
  httpMethod: 'GET',
  resourcePath: '/pets/{id}',
  status: '403',
  responseLength: '23',
  requestId: UUID,
  extendedRequestId: ID,
};

function withSubject(subject: string): string {
  return REST.replace('/pets/{id}', subject);
}

describe('readClfLine()', () => {
  it.each([
    ['of 2026', REST],
    ['of 2023', REST.replace(']"', '] "')],
    ['of CloudFormation', `${ID} ${REST.replace(` ${ID}`, '')}`],
    ['with names of a session', REST.replace('- -', 'AROA1:build,1 AROA1:build,1')],
    ['with names in several words', REST.replace('- -', 'Jane Doe "JD" Jane [x]')],
  ])('readClfLine() reads the line of a REST API %s', (_, line) => {
    expect(readClfLine(line, false)).toEqual(FACTS);
  });

  it.each([
    ['without extended request id', REST.replace(` ${ID}`, ''), { ...FACTS, extendedRequestId: undefined }],
    [
      'with an id that a client made up',
      REST.replace(UUID, 'UUID_REPLACED_INVALID_REQUEST_ID'),
      { ...FACTS, requestId: 'UUID_REPLACED_INVALID_REQUEST_ID' },
    ],
    [
      'without values',
      `192.0.2.1 - - [${TIME}]"- - -" 403 - ${UUID} -`,
      { time: TIME, status: '403', requestId: UUID },
    ],
  ])('readClfLine() reads a line %s', (_, line, facts) => {
    expect(readClfLine(line, false)).toEqual(facts);
  });

  it.each([
    ['GET /pets', { routeKey: 'GET /pets' }],
    ['ANY /pets/{proxy+}', { routeKey: 'ANY /pets/{proxy+}' }],
    ['$default', { routeKey: '$default' }],
    ['-', {}],
  ])('readClfLine() reads the route key %s of an HTTP API', (routeKey, route) => {
    const line = `192.0.2.1 - - [${TIME}] "GET ${routeKey} HTTP/1.1" 200 12 ${ID} ${ID}`;

    const rest = {
      time: TIME,
      httpMethod: 'GET',
      status: '200',
      responseLength: '12',
      requestId: ID,
      extendedRequestId: ID,
    };
    expect(readClfLine(line, false)).toEqual({ ...rest, ...route });
  });

  it.each([
    ['CONNECT $connect abc=', { eventType: 'CONNECT', routeKey: '$connect', connectionId: 'abc=' }],
    ['MESSAGE send message abc=', { eventType: 'MESSAGE', routeKey: 'send message', connectionId: 'abc=' }],
    ['- $connect -', { routeKey: '$connect' }],
    ['- - -', {}],
  ])('readClfLine() reads the event "%s" of a WebSocket API', (event, facts) => {
    const line = `192.0.2.1 - - [${TIME}] "${event}" 403 ${ID}`;

    expect(readClfLine(line, false)).toEqual({ time: TIME, status: '403', requestId: ID, ...facts });
  });

  it.each([
    ['a query', '/pets?name=jane'],
    ['an encoded character', '/pets/jane%40example.com'],
    ['an address', '/pets/jane@example.com'],
    ['a number', '/pets/7'],
    ['a long number', '/pets/p12345'],
    ['a UUID', `/pets/${UUID}`],
    ['a token', '/reset/eyJhbGciOiJIUzI1NiJ9'],
    ['an empty part', '/pets//x'],
    ['a whole address', 'http://example.com/pets'],
    ['spaces', '/pets jane'],
    ['a broken variable', '/pets/{id'],
    ['a second method', 'GET /pets?name=jane'],
  ])('readClfLine() takes no path with %s for a route', (_, subject) => {
    const { resourcePath: _path, ...rest } = FACTS;

    expect(readClfLine(withSubject(subject), false)).toEqual(rest);
  });

  it.each([['/'], ['/pets'], ['/v1/pets-and_more.json'], ['/{proxy+}'], ['/events:batch'], ['/~me/$x']])(
    'readClfLine() takes %s for a route',
    (resourcePath) => {
      expect(readClfLine(withSubject(resourcePath), false)).toMatchObject({ resourcePath });
    },
  );

  it('readClfLine() keeps a raw path only where it is asked for', () => {
    expect(readClfLine(withSubject('/pets/7?a=b'), true)).toMatchObject({ path: '/pets/7?a=b' });
    expect(readClfLine(REST, true)).toEqual(FACTS);
  });

  it.each([
    ['nginx', `192.0.2.1 - jane [${TIME}] "GET /pets HTTP/1.1" 200 612 "-" "curl/8.5.0"`],
    ['Apache', `192.0.2.1 - - [${TIME}] "GET /pets HTTP/1.0" 200 612`],
    [
      'nginx with a request id',
      `192.0.2.1 - - [${TIME}] "GET /pets HTTP/1.1" 200 612 0123456789abcdef0123456789abcdef`,
    ],
    ['nginx with a duration', `192.0.2.1 - - [${TIME}] "GET /pets HTTP/1.1" 200 612 0.003`],
    ['another order', `[${TIME}] 192.0.2.1 "GET /pets HTTP/1.1" 200 612 ${UUID}`],
    ['something behind the ids', `${REST} "curl/8.5.0"`],
    ['a status of two digits', REST.replace('403', '40')],
    ['no time', REST.replace(TIME, '-')],
    ['a cut line', REST.slice(0, -40)],
  ])('readClfLine() leaves a line of %s alone', (_, line) => {
    expect(readClfLine(line, false)).toBeNull();
  });

  it('readClfLine() reads no line with two times, of which one is forged', () => {
    const forged = `x [${TIME}] "GET /x HTTP/1.1" 200 1 ${ID} `;

    expect(readClfLine(REST.replace('- - ', forged), false)).toBeNull();
    expect(readClfLine(REST.replace('- - ', `- [${TIME}]`), false)).toBeNull();
  });
});
