import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { type AlertAccount, startAlertAccount } from '#test/fakes/alert-account.ts';
import { validateSlackMessage } from '#test/fakes/block-kit-validator.ts';
import { type DynamoDb, startDynamoDb } from '#test/fakes/dynamodb.ts';
import { createFinding, createIncident } from '#test/fakes/finding.ts';
import { makeTempFolder, type TempFolder } from '#test/fakes/temp-folder.ts';
import { runCli } from '#test/integration/run-cli.ts';

type Message = { readonly text: string; readonly blocks: unknown[]; readonly announcement: string };
type Document = {
  readonly stories: {
    readonly name: string;
    readonly messages: (Message & { readonly replies: Message[] })[];
  }[];
};

let folder: TempFolder;
let dynamoDb: DynamoDb;
let account: AlertAccount;

beforeAll(async () => {
  folder = makeTempFolder();
  dynamoDb = await startDynamoDb();
  account = await startAlertAccount(dynamoDb);
});

afterAll(async () => {
  await account.stop();
  await dynamoDb.stop();
  folder.remove();
});

function fileOf(name: string, content: unknown): string {
  return folder.write(name, JSON.stringify(content));
}

async function preview(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(['preview', ...args], { env: account.env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function documentOf(...args: string[]): Promise<Document> {
  return JSON.parse(await preview('--json', ...args)) as Document;
}

describe.concurrent('gatewatch preview of examples', () => {
  it('preview shows a message with its thread', async () => {
    const text = await preview('account-exhausted', '--state', 'closed');

    expect(text).toContain('CRITICAL closed: Account throttle exhausted (us-east-1 · 1234-5678-9012)\n');
    expect(text).toContain('  ↳ 14:09 UTC, also in the channel\n    🔴 Worse: now critical · 10,240 rps');
    expect(text).toContain('  ↳ 14:17 UTC, also in the channel\n    ✅ Closed after 7 min\n');
    expect(text).not.toMatch(/<!date|[*]Worse/);
  });

  it('preview --list names every example', async () => {
    const lines = (await preview('--list')).trimEnd().split('\n');
    const { stories } = await documentOf();

    expect(lines.map((line) => line.split(/\s{2,}/)[0])).toEqual(stories.map(({ name }) => name));
  });

  it.each(['opened', 'worse', 'unknown', 'closed'])(
    'preview --state %s makes messages that Slack takes',
    async (state) => {
      const { stories } = await documentOf('--state', state);

      const messages = stories.flatMap(({ messages: posted }) =>
        posted.flatMap((message) => [message, ...message.replies]),
      );
      expect(messages.length).toBeGreaterThanOrEqual(stories.length);
      expect(messages.flatMap((message) => validateSlackMessage(message))).toEqual([]);
    },
  );

  it('preview --receiver webhook posts anew what a bot would edit', async () => {
    const { stories } = await documentOf('account-exhausted', '--state', 'closed', '--receiver', 'webhook');

    const [story] = stories;
    expect(story?.messages.map(({ announcement }) => announcement)).toEqual(['opened', 'worse', 'closed']);
    expect(story?.messages.flatMap(({ replies }) => replies)).toEqual([]);
  });

  it('preview --format slack prints what Block Kit Builder takes', async () => {
    const message = JSON.parse(await preview('errors', '--format', 'slack', '--repeat')) as Message;

    expect(validateSlackMessage(message)).toEqual([]);
    expect(JSON.stringify(message)).toContain('may have come before');
  });

  it('preview --runbook-url puts a button before the traces', async () => {
    const out = await preview('errors', '--format', 'slack', '--runbook-url', 'https://example.com/runbook');

    const labels = [
      ...out.matchAll(/"type": "button",\s+"text": \{\s+"type": "plain_text",\s+"text": "(.+)"/g),
    ];
    expect(labels.map(([, label]) => label)).toEqual(['Dashboard', 'These requests', 'Runbook', 'X-Ray']);
    expect(out).toContain('https://example.com/runbook#error-budget');
  });

  it('preview --format html --out writes one page that loads nothing', async () => {
    const path = join(folder.path, 'all.html');

    const { code, stdout, stderr } = await runCli(['preview', '--format', 'html', '--out', path]);

    const html = await readFile(path, 'utf8');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `Written to ${path}\n` });
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|src=|@import|url\(/);
  });
});

describe.concurrent('gatewatch preview of what is stored', () => {
  it('preview --file shows an incident, one of an older release, a finding, a list, and an item of the table', async () => {
    const incident = createIncident();
    const files = {
      incident,
      finding: createFinding(),
      list: [incident, createFinding()],
      old: { ...incident, schemaVersion: 1, leftOutIds: undefined, unknownSince: undefined },
      item: { Item: { document: { S: JSON.stringify(incident) } } },
    };

    for (const [name, content] of Object.entries(files)) {
      const text = await preview('--file', fileOf(`${name}.json`, content));
      expect(text.match(/CRITICAL open: 4\.1 % of requests to orders-api\/prod fail/g)).toHaveLength(
        name === 'list' ? 2 : 1,
      );
    }
  });

  it('preview --file shows text that somebody else wrote without its control characters', async () => {
    const path = fileOf('hostile.json', createFinding({ title: 'a\u001b[2Jb\n<!channel>' }));

    const text = await preview('--file', path);

    expect(text).not.toContain('\u001b');
    expect(text).toContain('a[2Jb');
  });

  it('preview --all and --story show incidents of the stack', async () => {
    const incidents = createDynamoDbIncidents(dynamoDb.client, account.incidentsTable);
    const incident = createIncident();
    await incidents.write({ ...incident, revision: 1 }, null);

    expect(await preview('--all')).toContain('CRITICAL open: 4.1 % of requests');
    expect(await preview('--story', incident.story.key)).toContain('CRITICAL open: 4.1 % of requests');
  });
});

describe.concurrent('gatewatch preview with wrong usage', () => {
  it.each([
    ['an example that there is not', ['nothing'], 'error: There is no example nothing'],
    ['a file that is not there', ['--file', '/nowhere/x.json'], 'cannot be read (ENOENT)'],
    ['a file that is no JSON', ['--file', 'README.md'], 'is no JSON'],
    ['a file of something else', ['--file', 'package.json'], 'is neither an incident nor a finding'],
    ['an example and a file', ['errors', '--file', 'x.json'], 'Names are those of examples'],
    ['a story that there is not', ['--story', 'stage|x'], 'has no incident of the story stage|x'],
    ['a file that cannot be written', ['errors', '--out', '/nowhere/x'], 'cannot be written (ENOENT)'],
  ])('preview exits with 2 for %s', async (_, args, expected) => {
    const { code, stdout, stderr } = await runCli(['preview', ...args], { env: account.env });

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(expected);
  });
});
