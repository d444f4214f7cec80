import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createMarkers, findLeaks } from '#test/fakes/secret-markers.ts';

const markers = createMarkers();
const secret = markers.mark('password');
markers.mark('another');

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const FORMS: [form: string, text: string][] = [
  ['as it is', `a ${secret} b`],
  ['in upper case', secret.toUpperCase()],
  ['cut', secret.slice(0, 12)],
  ['as JSON', JSON.stringify({ a: secret })],
  ['as JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: secret }) })],
  ['percent-encoded', encodeURIComponent(secret)],
  ['percent-encoded letter by letter', secret.replace(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`)],
  ['in base64', base64(secret)],
  ['in base64, one letter on', base64(`x${secret}`)],
  ['in base64, two letters on', base64(`xy${secret}`)],
  ['in base64 that something stands before', `x${base64(secret)}`],
  ['in base64 for URLs', Buffer.from(`ÿÿ>${secret}`).toString('base64url')],
  ['in base64 of gzip', gzipSync(`a ${secret} b`).toString('base64')],
  ['in base64 of gzip that was cut', gzipSync(`a ${secret} b`.repeat(9)).toString('base64').slice(0, -20)],
  ['in hex', Buffer.from(secret).toString('hex')],
  ['in a form', new URLSearchParams({ Message: base64(secret) }).toString()],
];

describe('findLeaks()', () => {
  it.each(FORMS)('findLeaks() finds a secret %s', (_, text) => {
    expect(findLeaks({ log: `before ${text} after` }, markers.cores)).toEqual(['log: password #0']);
  });

  it('findLeaks() finds nothing in what holds none', () => {
    expect(findLeaks({ log: `zQ0000 ${base64('zQ0000XwK')} %7a%51`, empty: '' }, markers.cores)).toEqual([]);
  });

  it('findLeaks() names each way and each secret', () => {
    const [first = '', second = ''] = markers.cores.values();

    expect(findLeaks({ log: first + second, mail: second }, markers.cores)).toEqual([
      'log: password #0',
      'log: another #1',
      'mail: another #1',
    ]);
  });
});
