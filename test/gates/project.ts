import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';

/** The root of the repository, whose gates are under test. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Manifest = {
  readonly imports: object;
  readonly scripts: Readonly<Record<string, string>>;
};

const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** A tool that `npm test` runs. */
export type Gate = 'biome' | 'depcruise' | 'knip' | 'tsc' | 'vitest';

/** What a tool said about a project. */
export type Verdict = { readonly code: number | null; readonly output: string };

/** Texts by path; `null` takes a file away, a function changes the good one. */
export type Files = Readonly<Record<string, string | null | ((good: string) => string)>>;

/** The files in which the gates are set up. */
const CONFIGS: Readonly<Record<Gate, readonly string[]>> = {
  biome: ['biome.json'],
  depcruise: ['.dependency-cruiser.cjs', 'tsconfig.json'],
  knip: ['knip.ts', 'tsconfig.json'],
  tsc: ['tsconfig.json'],
  vitest: ['vitest.config.ts'],
};

/** A package whose path decides about a rule has to be in the project itself, not behind a link. */
const SDK = '@aws-sdk/client-ssm';
const SDK_FILES = ['package.json', 'dist-cjs/index.js', 'dist-es/index.js', 'dist-types/index.d.ts'];

/** A project in which everything is as it should be. */
const GOOD_FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify(
    {
      name: 'good',
      private: true,
      type: 'module',
      imports: MANIFEST.imports,
      scripts: { gatewatch: 'tsx cli/main.ts' },
      dependencies: { [SDK]: '*' },
      devDependencies: { '@types/node': '*', knip: '*', tsx: '*', vitest: '*' },
    },
    null,
    2,
  ).concat('\n'),
  'bench/README.md': '',
  'cli/main.ts': `import { rateOf } from '#shared/domain/rate.ts';\n\nprocess.stdout.write(\`\${rateOf(6, 2)}\\n\`);\n`,
  'functions/check-rate/handler.ts': `import { SSMClient } from '${SDK}';
import { createReadCount } from '#shared/adapters/ssm-read-count.ts';
import { createCheckRate } from '#shared/application/check-rate.ts';

const checkRate = createCheckRate(createReadCount(new SSMClient()));

export const handler = async (): Promise<number> => checkRate();
`,
  'functions/other/environment.ts': `export const NAME = 'other';\n`,
  'functions/other/handler.ts': `import { NAME } from './environment.ts';\n\nexport const handler = async (): Promise<string> => NAME;\n`,
  'shared/adapters/ssm-read-count.ts': `import { DescribeParametersCommand, type SSMClient } from '${SDK}';

export function createReadCount(client: SSMClient): () => Promise<number> {
  return async () => (await client.send(new DescribeParametersCommand())).Parameters?.length ?? 0;
}
`,
  'shared/application/check-rate.ts': `import { rateOf } from '#shared/domain/rate.ts';

export function createCheckRate(readCount: () => Promise<number>): () => Promise<number> {
  return async () => rateOf(await readCount(), 60);
}
`,
  'shared/domain/rate.ts': `export function rateOf(count: number, seconds: number): number {\n  return count / seconds;\n}\n`,
  'test/unit/rate.test.ts': `import { expect, it } from 'vitest';
import { rateOf } from '#shared/domain/rate.ts';

it('rateOf() divides', () => {
  expect(rateOf(6, 2)).toBe(3);
});
`,
};

function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to);
}

/** The packages of the project: links, but for the AWS SDK where its path counts. */
function addPackages(gate: Gate, path: string): void {
  const packages = join(ROOT, 'node_modules');
  if (gate !== 'depcruise') {
    link(packages, join(path, 'node_modules'));
    return;
  }
  for (const name of SDK_FILES) {
    cpSync(join(packages, SDK, name), join(path, 'node_modules', SDK, name), { recursive: true });
  }
  link(join(packages, 'vitest'), join(path, 'node_modules/vitest'));
}

/** The commands of an npm script, with those of the scripts that it runs. */
function commandsOf(script: string): string[] {
  const commands = (MANIFEST.scripts[script] ?? '').split(' && ');
  return commands.flatMap((command) => {
    const inner = /^npm run (?:-s )?(\S+)$/.exec(command)?.[1];
    return inner === undefined ? [command] : commandsOf(inner);
  });
}

/** The command of a tool, as `npm test` has it. */
function commandOf(gate: Gate): readonly string[] {
  const command = commandsOf('test').find((text) => text.split(' ')[0] === gate);
  if (command === undefined) throw new Error(`npm test does not run ${gate}`);
  const [tool = '', ...args] = command.split(' ');
  return [realpathSync(join(ROOT, 'node_modules/.bin', tool)), ...args];
}

/** The environment without what the test runner around it set. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|TEST$|NODE_ENV$|NODE_OPTIONS$|FORCE_COLOR$|CI$|GITHUB_)/.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}

/** Runs a tool as `npm test` does. */
export async function runGate(gate: Gate, cwd: string): Promise<Verdict> {
  const child = spawn(process.execPath, commandOf(gate), { cwd, env: cleanEnvironment() });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part));
  child.stdin.end();
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output: Buffer.concat(parts).toString('utf8') };
}

/** Lets a tool judge a project that is good but for some files. */
export async function judge(gate: Gate, changes: Files = {}): Promise<Verdict> {
  const { path, write, remove } = makeTempFolder();
  try {
    for (const name of CONFIGS[gate]) cpSync(join(ROOT, name), join(path, name));
    addPackages(gate, path);
    for (const [name, text] of Object.entries({ ...GOOD_FILES, ...changes })) {
      if (text !== null) write(name, typeof text === 'string' ? text : text(GOOD_FILES[name] ?? ''));
    }
    return await runGate(gate, path);
  } finally {
    remove();
  }
}
