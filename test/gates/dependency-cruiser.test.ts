import { describe, expect, it } from 'vitest';
import { judge, ROOT, runGate } from '#test/gates/project.ts';

describe.concurrent('dependency-cruiser', () => {
  it('dependency-cruiser passes the good project', async () => {
    const { code, output } = await judge('depcruise');

    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining('no dependency violations found'),
    });
  });

  it.each([
    [
      'a domain file that imports Node',
      'shared/domain/clock.ts',
      `import { readFileSync } from 'node:fs';\n\nexport const read = readFileSync;\n`,
      'domain-is-pure',
      'fs',
    ],
    [
      'a use case that imports an adapter',
      'shared/application/bad.ts',
      `import { createReadCount } from '#shared/adapters/ssm-read-count.ts';\n\nexport const read = createReadCount;\n`,
      'application-knows-no-adapter',
      'shared/adapters/ssm-read-count.ts',
    ],
    [
      'a function that imports another',
      'functions/check-rate/bad.ts',
      `import { handler } from '#functions/other/handler.ts';\n\nexport const both = handler;\n`,
      'functions-do-not-import-each-other',
      'functions/other/handler.ts',
    ],
    [
      'the AWS SDK in the command line',
      'cli/bad.ts',
      `import { SSMClient } from '@aws-sdk/client-ssm';\n\nexport const client = new SSMClient();\n`,
      'sdk-only-in-adapters-and-handlers',
      'node_modules/@aws-sdk/client-ssm/',
    ],
    [
      'a shared file that imports the command line',
      'shared/adapters/bad.ts',
      `import '#cli/main.ts';\n`,
      'only-cli-imports-cli',
      'cli/main.ts',
    ],
    ['an import of nothing', 'cli/bad.ts', `import './nowhere.ts';\n`, 'not-to-unresolvable', './nowhere.ts'],
    [
      'a circle',
      'functions/other/environment.ts',
      `import { handler } from './handler.ts';\n\nexport const NAME = handler.name;\n`,
      'no-circular',
      'functions/other/handler.ts',
    ],
  ])('dependency-cruiser fails on %s', async (_, name, text, rule, to) => {
    const { code, output } = await judge('depcruise', { [name]: text });

    expect(code).toBeGreaterThan(0);
    expect(output).toMatch(new RegExp(`^ +error ${rule}: `, 'm'));
    expect(output).toContain(name);
    expect(output).toContain(to);
  });

  it('dependency-cruiser cruises the real project, more than 100 modules of it', async () => {
    const { output } = await runGate('depcruise', ROOT);

    // It once found none, with a compiler that it does not know, and said that all was well.
    expect(Number(/(\d+) modules, \d+ dependencies cruised/.exec(output)?.[1])).toBeGreaterThan(100);
  });
});
