import fc from 'fast-check';
import { parse } from 'jsurl';
import { expect, it } from 'vitest';
import { encodeJsurl, type JsurlValue } from '#shared/domain/links/jsurl.ts';

it.each<[JsurlValue, string]>([
  ['AWS/ApiGateway', "~'AWS*2fApiGateway"],
  ['5xx & more', "~'5xx*20*26*20more"],
  ['$default', "~'*24default"],
  ['日', "~'**65e5"],
  [60, '~60'],
  [false, '~false'],
  [['a', 1], "~(~'a~1)"],
  [[], '~(~)'],
  [{ view: 'timeSeries', period: 60 }, "~(view~'timeSeries~period~60)"],
])('encodeJsurl() of %j is %j', (value, expected) => {
  expect(encodeJsurl(value)).toBe(expected);
});

it('encodeJsurl() is read by the decoder of JSURL, and needs no escape in a fragment', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const { value } = fc.letrec<{ value: JsurlValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      text,
      fc.integer(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        text.filter((key) => key !== '__proto__' && key !== ''),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }));

  fc.assert(
    fc.property(value, (given) => {
      const encoded = encodeJsurl(given);
      expect(parse(encoded)).toEqual(given);
      return /^[\w.~()'*-]+$/.test(encoded);
    }),
    { numRuns: 500 },
  );
});
