import { describe, expect, it } from 'vitest';
import { BUNDLE_BUDGETS, findBudgetProblems } from '#test/infra/bundle-budgets.ts';
import { bundleFunction } from '#test/infra/bundle-function.ts';
import { FUNCTION_NAMES } from '#test/infra/functions.ts';

async function sizeOf(name: string): Promise<[string, number]> {
  const bundle = await bundleFunction({ file: `functions/${name}/handler.ts` });
  return [name, bundle.byteLength];
}

describe('bundles', () => {
  it('stay within their budgets, of which each function has one', async () => {
    const sizes = Object.fromEntries(await Promise.all(FUNCTION_NAMES.map(sizeOf)));

    expect(findBudgetProblems(sizes, BUNDLE_BUDGETS)).toEqual([]);
  });
});

describe('findBudgetProblems()', () => {
  it('takes a bundle of just its budget', () => {
    expect(findBudgetProblems({ ingest: 100 }, { ingest: 100 })).toEqual([]);
  });

  it('names a bundle over its budget', () => {
    expect(findBudgetProblems({ ingest: 101 }, { ingest: 100 })).toEqual([
      'ingest has 101 bytes, 1 over its budget',
    ]);
  });

  it('names a function without a budget', () => {
    expect(findBudgetProblems({ ingest: 100 }, {})).toEqual([
      'ingest has no budget; its bundle has 100 bytes',
    ]);
  });

  it('names a budget without a function', () => {
    expect(findBudgetProblems({}, { ingest: 100 })).toEqual(['A budget names ingest, which is no function']);
  });
});
