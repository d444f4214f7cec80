import { describe, expect, it } from 'vitest';
import { parseEnvelope } from '#shared/domain/logs/payload/envelope.ts';
import { withEvents } from '#test/fakes/log-events.ts';

const EVENT = {
  id: '34594411449411532791988959220823609535420837773733789696',
  timestamp: 1_551_267_060_425,
  message: '{"status":"200"}',
};

/** As CloudWatch Logs delivers it, with the fields that it adds for some subscriptions. */
const PAYLOAD = {
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/aws/api-gateway/orders-api',
  logStream: '0123456789abcdef0123456789abcdef',
  subscriptionFilters: ['gatewatch'],
  logEvents: [
    { ...EVENT, extractedFields: { status: '200' } },
    { ...EVENT, id: '2' },
  ],
};

const MARKER = 'SECRET-MARKER';

function parse(payload: unknown) {
  return withEvents(parseEnvelope(Buffer.from(JSON.stringify(payload))));
}

describe('parseEnvelope()', () => {
  it('parseEnvelope() reads a subscription payload', () => {
    const { owner, logGroup, logStream } = PAYLOAD;
    const logEvents = [EVENT, { ...EVENT, id: '2' }];

    expect(parse(PAYLOAD)).toEqual({ kind: 'data', envelope: { owner, logGroup, logStream, logEvents } });
  });

  it('parseEnvelope() reads a payload without events', () => {
    expect(parse({ ...PAYLOAD, logEvents: [] })).toMatchObject({ kind: 'data', envelope: { logEvents: [] } });
  });

  it.each([['CONTROL_MESSAGE'], ['SOMETHING_NEW']])('parseEnvelope() ignores a %s', (messageType) => {
    const message = 'CWL CONTROL MESSAGE: Checking health of destination Firehose.';
    const probe = {
      ...PAYLOAD,
      owner: 'CloudwatchLogs',
      logGroup: '',
      logStream: '',
      logEvents: [{ ...EVENT, message }],
    };

    expect(parse({ ...probe, messageType })).toEqual({ kind: 'control' });
    expect(parse({ messageType })).toEqual({ kind: 'control' });
  });

  it.each([
    ['messageType', undefined],
    ['messageType', 1],
    ['messageType', null],
    ['owner', undefined],
    ['owner', 123_456_789_012],
    ['owner', null],
    ['logGroup', undefined],
    ['logGroup', [MARKER]],
    ['logStream', undefined],
    ['logStream', { name: MARKER }],
    ['logEvents', undefined],
    ['logEvents', null],
    ['logEvents', { 0: EVENT, length: 1 }],
    ['logEvents', MARKER],
  ])('parseEnvelope() says that %s is missing where it is %j', (field, value) => {
    expect(parse({ ...PAYLOAD, [field]: value })).toEqual({ kind: 'invalid', reason: `${field} is missing` });
  });

  it.each([
    [{ ...EVENT, id: undefined }],
    [{ ...EVENT, id: 1 }],
    [{ ...EVENT, timestamp: undefined }],
    [{ ...EVENT, timestamp: '1551267060425' }],
    [{ ...EVENT, message: undefined }],
    [{ ...EVENT, message: { status: MARKER } }],
    [null],
    [MARKER],
    [[]],
    [{}],
  ])('parseEnvelope() says that the event %j lacks something', (event) => {
    expect(parse({ ...PAYLOAD, logEvents: [EVENT, event] })).toEqual({
      kind: 'invalid',
      reason: 'an event lacks id, timestamp or message',
    });
  });

  it.each([[''], ['null'], ['1'], ['"text"'], [MARKER], ['{'], [`{"messageType":"${MARKER}`]])(
    'parseEnvelope() says that %j is no JSON object',
    (text) => {
      expect(parseEnvelope(Buffer.from(text))).toEqual({
        kind: 'invalid',
        reason: 'payload is not a JSON object',
      });
    },
  );

  it('parseEnvelope() puts nothing of the content into a reason', () => {
    const broken = [...Object.keys(PAYLOAD)].map((field) => ({
      owner: MARKER,
      logGroup: MARKER,
      [field]: [MARKER],
    }));

    const parsed = broken.map(parse);

    expect(parsed.every(({ kind }) => kind === 'invalid')).toBe(true);
    expect(JSON.stringify(parsed)).not.toContain(MARKER);
  });
});
