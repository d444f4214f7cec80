import { afterAll, describe, expect, it } from 'vitest';
import { calmLines, hourWithOutage } from '#test/fakes/access-log-lines.ts';
import { type Answer, type HttpServer, refusingUrl, startHttpServer } from '#test/fakes/http-server.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';
import { replayJson } from '#test/integration/run-cli.ts';

/** Made like the path of a real webhook, digits and all. */
const SECRET_PATH = '/services/T012345678/B098765432/XsecretXsecretXsecretXse';

const temp = makeTempFolder();
afterAll(temp.remove);

const calm = temp.write('calm.log', calmLines(60).join('\n'));
const outage = temp.write('outage.log', hourWithOutage().join('\n'));

async function withSlack<T>(answer: Answer, use: (slack: HttpServer) => Promise<T>): Promise<T> {
  const slack = await startHttpServer(answer);
  return use(slack).finally(slack.stop);
}

function post(file: string, url: string): ReturnType<typeof replayJson> {
  return replayJson([file, '--post'], { env: { SLACK_WEBHOOK_URL: url } });
}

describe.concurrent('gatewatch replay --post', () => {
  it('replay --post sends every message of the report, in order, each marked as replayed', async () => {
    const arrivedMs: number[] = [];
    const answer: Answer = () => {
      arrivedMs.push(Date.now());
      return { status: 200, body: 'ok' };
    };

    const { run, requests } = await withSlack(answer, async (slack) => ({
      run: await post(outage, slack.url + SECRET_PATH),
      requests: slack.requests,
    }));

    const { messages } = run.report;
    expect(run).toMatchObject({ code: 0, stderr: 'Posted 2 messages to Slack.\n' });
    expect(messages.map(({ announcement }) => announcement)).toEqual(['opened', 'closed']);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${SECRET_PATH}`,
      `POST ${SECRET_PATH}`,
    ]);
    const replayed = (at: string) => ({
      type: 'context',
      elements: [{ type: 'mrkdwn', text: `_Replay of a log: sent as of ${at}_` }],
    });
    expect(requests.map(({ body }) => JSON.parse(body))).toEqual(
      messages.map(({ text, blocks, at }) => ({ text, blocks: [...blocks, replayed(at)] })),
    );
    // Slack takes one message a second.
    expect((arrivedMs[1] ?? 0) - (arrivedMs[0] ?? 0)).toBeGreaterThan(1_000);
  });

  it('replay --post sends nothing where there is nothing to say', async () => {
    const { run, requests } = await withSlack(
      () => ({ status: 200, body: 'ok' }),
      async (slack) => ({ run: await post(calm, slack.url), requests: slack.requests }),
    );

    expect(run).toMatchObject({ code: 0, stderr: 'Posted 0 messages to Slack.\n' });
    expect(requests).toEqual([]);
  });

  it.each([
    ['a webhook that was removed', { status: 404, body: 'no_service' }, 'HTTP 404'],
    ['too many messages', { status: 429, body: 'rate_limited' }, 'HTTP 429'],
    ['an outage', { status: 503, body: `<a href="${SECRET_PATH}">x</a>` }, 'HTTP 503'],
    ['a connection that breaks', 'reset' as const, 'no answer'],
  ])(
    'replay --post exits with 2 for %s, after one request and without the address',
    async (_, reply, why) => {
      const { run, requests } = await withSlack(
        () => reply,
        async (slack) => ({ run: await post(outage, slack.url + SECRET_PATH), requests: slack.requests }),
      );

      expect(run.code).toBe(2);
      expect(run.stderr).toBe(`error: Slack did not take message 1 of 2: ${why}\n`);
      expect(run.report.messages).toHaveLength(2);
      expect(requests).toHaveLength(1);
    },
  );

  it('replay --post says which message was not taken', async () => {
    const run = await withSlack(
      ({ body }) =>
        body.includes('closed') ? { status: 400, body: 'invalid_blocks' } : { status: 200, body: 'ok' },
      (slack) => post(outage, slack.url + SECRET_PATH),
    );

    expect(run).toMatchObject({ code: 2, stderr: 'error: Slack did not take message 2 of 2: HTTP 400\n' });
  });

  it('replay --post exits with 2 when nobody listens, without the address', async () => {
    const run = await post(outage, (await refusingUrl()) + SECRET_PATH);

    expect(run).toMatchObject({ code: 2, stderr: 'error: Slack did not take message 1 of 2: no answer\n' });
  });

  it.each([
    ['lacks its scheme', `hooks.slack.example${SECRET_PATH}`],
    ['is quoted', `"https://hooks.slack.example${SECRET_PATH}"`],
  ])('replay --post exits with 2 for an address that %s, without a part of it', async (_, url) => {
    const run = await post(outage, url);

    expect(run).toMatchObject({ code: 2, stderr: 'error: Slack did not take message 1 of 2: no answer\n' });
  });
});
