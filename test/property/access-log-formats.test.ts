import fc from 'fast-check';
import { it } from 'vitest';
import { renderFormat, variablesOf } from '#shared/domain/logging/render-format.ts';
import type { AccessLogFields } from '#shared/domain/logs/access/access-log-fields.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import { hostileText } from '#test/fakes/arbitraries.ts';
import { DOCUMENTED_FORMATS, type DocumentedFormat } from '#test/fakes/documented-formats.ts';

function read(line: string): AccessLogFields | null {
  const read = createReadAccessLogLine()(line);
  return typeof read === 'string' ? null : read.fields;
}

const absent = fc.constant('-');
const shortId = fc.stringMatching(/^[A-Za-z0-9_-]{1,15}=$/);
const part = fc.oneof(
  fc.stringMatching(/^[a-z][A-Za-z._~-]{0,9}$/),
  fc.constantFrom('{id}', '{proxy+}', 'v1', 'pets'),
);
const path = fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
const method = fc.constantFrom('DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT');
const two = (max: number) => fc.integer({ min: 1, max }).map((number) => String(number).padStart(2, '0'));
const time = fc
  .tuple(two(28), fc.constantFrom('Jan', 'Jun', 'Dec'), two(23), two(59), fc.constantFrom('+0000', '-0730'))
  .map(([day, month, hour, minute, zone]) => `${day}/${month}/2026:${hour}:${minute}:01 ${zone}`);

/** What API Gateway writes for the variables of the documented formats, by kind of API. */
const values: Record<string, fc.Arbitrary<string>> = {
  requestTime: time,
  httpMethod: method,
  resourcePath: fc.oneof(path, absent),
  protocol: fc.constantFrom('HTTP/1.1', 'HTTP/2.0', '-'),
  status: fc.integer({ min: 100, max: 599 }).map(String),
  responseLength: fc.oneof(fc.nat().map(String), absent),
  extendedRequestId: shortId,
  eventType: fc.constantFrom('CONNECT', 'MESSAGE', 'DISCONNECT', '-'),
  connectionId: fc.oneof(shortId, absent),
  'identity.sourceIp': fc.oneof(fc.ipV4(), fc.ipV6()),
  // Names of users and sessions, as IAM allows them.
  'identity.caller': fc.oneof(fc.stringMatching(/^[A-Za-z0-9_+=,.@:-]{1,30}$/), absent),
  'identity.user': fc.oneof(fc.stringMatching(/^[A-Za-z0-9_+=,.@:-]{1,30}$/), absent),
};

function valuesOf({ apiType, template }: DocumentedFormat): fc.Arbitrary<Record<string, string>> {
  const routes = {
    REST: absent,
    HTTP: fc.oneof(
      fc.tuple(method, path).map((key) => key.join(' ')),
      fc.constantFrom('$default', '-'),
    ),
    WEBSOCKET: fc.oneof(
      fc.constantFrom('$connect', '$disconnect', '$default', '-'),
      fc.stringMatching(/^[a-z][A-Za-z0-9._/-]{0,20}$/),
    ),
  };
  const own: Record<string, fc.Arbitrary<string>> = {
    routeKey: routes[apiType],
    requestId:
      apiType === 'REST' ? fc.oneof(fc.uuid(), fc.constant('UUID_REPLACED_INVALID_REQUEST_ID')) : shortId,
  };
  return fc.record(
    Object.fromEntries(variablesOf(template).map((name) => [name, own[name] ?? values[name] ?? absent])),
  );
}

/** The facts that each variable is, where it has a value. */
function factsOf(given: Readonly<Record<string, string>>): string {
  const facts = Object.entries(given).filter(
    ([name, value]) => value !== '-' && name !== 'protocol' && !name.startsWith('identity.'),
  );
  return JSON.stringify(facts.map(([name, value]) => [name === 'requestTime' ? 'time' : name, value]).sort());
}

it.each(DOCUMENTED_FORMATS)(
  'createReadAccessLogLine() reads the facts back that API Gateway wrote as $name of a $apiType API',
  (format) => {
    const property = fc.property(valuesOf(format), (given) => {
      const fields = read(renderFormat(format.template, (variable) => given[variable] ?? '-'));

      return fields !== null && JSON.stringify(Object.entries(fields).sort()) === factsOf(given);
    });

    fc.assert(property, { numRuns: 300 });
  },
);

it.each(DOCUMENTED_FORMATS)(
  'createReadAccessLogLine() takes no other fact than the real one out of $name of a $apiType API, whatever users are called',
  (format) => {
    const pieces = fc.constantFrom(
      ',',
      ' ',
      '"',
      '<',
      '>',
      '-',
      '/',
      'GET',
      'HTTP/1.1',
      '200',
      '12',
      'FORGED=',
      '[02/Mar/2026:10:00:00 +0000]',
      ',02/Mar/2026:10:00:00 +0000,',
      ',02/Mar/2026:10:00:00 +0000,MESSAGE,',
      '"GET /x HTTP/1.1" 200 12 FORGED=',
      'GET,/x,HTTP/1.1,200,12,FORGED=',
      '<status>200</status>',
      '</user>',
      '<user>',
      '</request>',
      '<request id="FORGED=">',
      '<!--',
      '<![CDATA[',
      '-->',
    );
    const hostile = fc.oneof(
      hostileText,
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    const property = fc.property(valuesOf(format), hostile, (given, user) => {
      const values: Record<string, string> = { ...given, 'identity.user': user };
      const real = new Set(JSON.parse(factsOf(given)).map((fact: [string, string]) => fact.join(' ')));

      const fields = read(renderFormat(format.template, (variable) => values[variable] ?? '-')) ?? {};

      return Object.entries(fields).every((fact) => real.has(fact.join(' ')));
    });

    fc.assert(property, { numRuns: 500 });
  },
);

it('createReadAccessLogLine() gives every text facts or a reason', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((data) => Buffer.from(data).toString('latin1'));
  const text = fc.oneof(bytes, hostileText, fc.string({ unit: 'grapheme' }));
  const property = fc.property(
    text,
    fc.constantFrom('', '{', '<', '{"a":', '[', '{"status":"200",'),
    (rest, first) => {
      const line = createReadAccessLogLine()(first + rest);

      return typeof line === 'string'
        ? ['empty', 'not-json', 'unknown-format'].includes(line)
        : Object.values(line.fields).every((value) => typeof value === 'string' && value !== '');
    },
  );

  fc.assert(property, { numRuns: 3_000 });
});
