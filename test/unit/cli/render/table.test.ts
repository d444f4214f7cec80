import { describe, expect, it } from 'vitest';
import { renderTable } from '#cli/render/table.ts';

const HEADER = ['stage', 'requests', 'causes'];

describe('renderTable()', () => {
  it('renderTable() aligns names left and numbers right, under a header as wide as its column', () => {
    const rows = [
      ['shop-api/prod', '12', 'none'],
      ['a/v1', '1,234,567,890', 'integration.timeout 3'],
    ];

    expect(renderTable(HEADER, rows, { right: [1], columns: 80 })).toEqual([
      'stage               requests  causes',
      'shop-api/prod             12  none',
      'a/v1           1,234,567,890  integration.timeout 3',
    ]);
  });

  it('renderTable() aligns the last column right if that is asked for', () => {
    expect(
      renderTable(
        ['name', 'count'],
        [
          ['a', '1'],
          ['b', '1,000'],
        ],
        { right: [1], columns: 80 },
      ),
    ).toEqual(['name  count', 'a         1', 'b     1,000']);
  });

  it('renderTable() cuts a line at the edge and says so, but not one that just fits', () => {
    const rows = [
      ['abc', '1', '12345'],
      ['abc', '1', '123456'],
    ];

    expect(renderTable(['a', 'b', 'c'], rows, { right: [1], columns: 13 })).toEqual([
      'a    b  c',
      'abc  1  12345',
      'abc  1  1234…',
    ]);
  });

  it('renderTable() ends no line with blanks', () => {
    expect(renderTable(['a', 'b'], [['long', '']], { right: [], columns: 80 })).toEqual(['a     b', 'long']);
  });

  it('renderTable() gives only the header where there are no rows', () => {
    expect(renderTable(HEADER, [], { right: [1], columns: 80 })).toEqual(['stage  requests  causes']);
  });
});
