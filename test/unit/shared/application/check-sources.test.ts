import { describe, expect, it } from 'vitest';
import { createTwoSources, loggedStage, START_MS, type World } from '#test/fakes/two-sources.ts';

const MINUTE_MS = 60_000;
const ORDERS = loggedStage('orders');
const USERS = loggedStage('users');

function fixture(world: Partial<World>) {
  return createTwoSources({ inventory: () => [ORDERS, USERS], requests: () => 100, ...world });
}

function minuteOf(iso: string): number {
  return (Date.parse(iso) - START_MS) / MINUTE_MS;
}

describe('checkSources()', () => {
  it('checkSources() finds nothing while both sources tell the same', async () => {
    const { run, newest, messages } = fixture({});

    const report = await run(0, 60);

    expect(newest()).toEqual([]);
    expect(messages).toEqual([]);
    expect(report?.comparison?.reasons).toEqual([]);
    expect(report?.comparison?.account).toMatchObject({ untoldRequests: 0, untoldRatio: 0 });
  });

  it('checkSources() tells of a silent stage once, within 25 minutes, and closes by evidence', async () => {
    const { run, messages, newest } = fixture({
      requests: ({ apiId }) => (apiId === 'orders' ? 50 : 100),
      logged: ({ apiId }, minute) => (apiId === 'users' ? 100 : minute >= 30 && minute < 70 ? 0 : 50),
    });

    await run(0, 55);
    expect(messages).toMatchObject([
      { announcement: 'opened', severity: 'warning', title: 'orders-api/prod sends no log events' },
    ]);
    expect(messages[0]?.facts).toContainEqual({
      label: 'Counted',
      value:
        'orders-api/prod: 500 requests in 10 minutes by CloudWatch (33 % of the account’s), 0 in the log',
    });
    const [finding] = newest();
    expect(finding).toMatchObject({ kind: 'blind.logs', status: 'open' });
    expect(minuteOf(finding?.startedAt ?? '')).toBeGreaterThanOrEqual(28);
    expect(minuteOf(finding?.startedAt ?? '')).toBeLessThanOrEqual(33);

    await run(55, 100);
    expect(messages.map(({ announcement }) => announcement)).toEqual(['opened', 'closed']);
    expect(messages[1]?.facts).toContainEqual({ label: 'Was silent', value: 'orders-api/prod' });
  });

  it('checkSources() takes a log that tells less than half for silent, and one that tells most for none', async () => {
    const { run, newest } = fixture({
      logged: ({ apiId }, minute) => (minute < 30 ? 100 : apiId === 'orders' ? 30 : 85),
    });

    await run(0, 60);

    expect(newest().map(({ scope, status }) => [scope.apiId, status])).toEqual([['orders', 'open']]);
  });

  it('checkSources() calls a stage with half of the account’s requests critical', async () => {
    const { run, messages } = fixture({
      requests: ({ apiId }) => (apiId === 'orders' ? 200 : 100),
      logged: ({ apiId }, minute) => (apiId === 'users' ? 100 : minute < 30 ? 200 : 0),
    });

    await run(0, 60);

    expect(messages).toMatchObject([{ severity: 'critical' }]);
  });

  it('checkSources() closes when the silent stage turned quiet in CloudWatch too', async () => {
    const { run, messages } = fixture({
      requests: ({ apiId }, minute) => (apiId === 'orders' && minute >= 60 ? 0 : 100),
      logged: ({ apiId }, minute) => (apiId === 'orders' && minute >= 30 ? 0 : 100),
    });

    await run(0, 90);

    expect(messages.map(({ announcement }) => announcement)).toEqual(['opened', 'closed']);
  });

  it('checkSources() closes when the silent stage is gone', async () => {
    let inventory = [ORDERS, USERS];
    const { run, messages } = fixture({
      inventory: () => inventory,
      logged: ({ apiId }, minute) => (apiId === 'orders' && minute >= 30 ? 0 : 100),
    });
    await run(0, 60);
    inventory = [USERS];

    await run(60, 90);

    expect(messages.map(({ announcement }) => announcement)).toEqual(['opened', 'closed']);
  });

  it('checkSources() closes nothing when nobody says anything any more', async () => {
    const { run, messages } = fixture({
      requests: (_, minute) => (minute >= 60 ? 0 : 100),
      logged: ({ apiId }, minute) => (minute >= 60 || (apiId === 'orders' && minute >= 30) ? 0 : 100),
    });

    await run(0, 75);
    const before = messages.length;
    await run(75, 120);

    // The minutes around the end still had requests of the other stage; after them there is no evidence.
    const after = messages.slice(before).map(({ announcement }) => announcement);
    expect(after).toEqual(['unknown']);
  });

  it.each([
    ['logs', { logDelayMinutes: 4 }],
    ['metrics', { countDelayMinutes: 4 }],
    ['both', { logDelayMinutes: 4, countDelayMinutes: 4 }],
  ])('checkSources() never takes %s that are 4 minutes late for blind', async (_, delays) => {
    const bursts = (_item: unknown, minute: number) => (minute % 20 < 10 ? 400 : 0);
    const steady = fixture(delays);
    const bursty = fixture({ ...delays, requests: bursts });

    await steady.run(0, 90);
    await bursty.run(0, 90);

    expect([...steady.findings, ...bursty.findings]).toEqual([]);
  });

  it('checkSources() tells 40 silent stages as one incident with one message that names some', async () => {
    const stages = Array.from({ length: 40 }, (_, index) =>
      loggedStage(`api${String(index).padStart(2, '0')}`),
    );
    const { run, messages, incidents } = fixture({
      inventory: () => stages,
      logged: (_, minute) => (minute >= 30 ? 0 : 100),
    });

    await run(0, 60);

    expect(messages).toHaveLength(1);
    expect(messages[0]?.title).toBe('40 stages send no log events');
    const silent = messages[0]?.facts.find(({ label }) => label === 'Silent');
    expect(silent?.value).toMatch(/^api\d\d-api\/prod, .* and 30 more$/);
    expect(incidents.listAll()).toMatchObject([
      { story: { kind: 'blind', key: 'blind|123456789012|us-east-1|logs' }, leftOutIds: [] },
    ]);
    expect(incidents.listAll()[0]?.findings).toHaveLength(40);
    expect(incidents.listAll()[0]?.scope).toEqual({ accountId: '123456789012', region: 'us-east-1' });
  });

  it('checkSources() says how many of 60 stages are silent, and keeps 40 of them', async () => {
    const stages = Array.from({ length: 60 }, (_, index) => loggedStage(`api${index}`));
    const { run, messages, incidents } = fixture({
      inventory: () => stages,
      logged: (_, minute) => (minute >= 30 ? 0 : 100),
    });

    await run(0, 70);

    expect(messages).toHaveLength(1);
    expect(messages[0]?.title).toBe('60 stages send no log events');
    expect(messages[0]?.facts).toContainEqual({ label: 'All silent', value: '60 stages' });
    const silent = messages[0]?.facts.find(({ label }) => label === 'Silent');
    expect(silent?.value).toMatch(/^api\d+-api\/prod, .* and others$/);
    expect(incidents.listAll()[0]?.findings).toHaveLength(40);
  });

  it('checkSources() records a stage without an access log, and sends no message of it', async () => {
    const { run, newest, messages, incidents } = fixture({
      inventory: () => [ORDERS, { ...USERS, logGroup: null }],
      logged: ({ logGroup }) => (logGroup === null ? 0 : 100),
    });

    const report = await run(0, 60);

    expect(newest()).toMatchObject([
      { kind: 'blind.logs', severity: 'info', status: 'open', title: 'users-api/prod has no access log' },
    ]);
    expect(messages).toEqual([]);
    expect(incidents.listAll()).toEqual([]);
    expect(report?.comparison?.reasons).toMatchObject([{ slug: 'no-access-log', stages: 1 }]);
  });

  it('checkSources() is patient with a log that was never heard, and tells of it in the end', async () => {
    const { run, messages } = fixture({
      logged: ({ apiId }) => (apiId === 'orders' ? 0 : 100),
      requests: () => 100,
    });

    await run(0, 60);
    expect(messages).toEqual([]);

    await run(60, 100);
    expect(messages).toMatchObject([{ announcement: 'opened' }]);
  });

  it('checkSources() is not blind on the first day, when requests were counted before anything was logged', async () => {
    const { run, messages } = fixture({ logged: (_, minute) => (minute < 40 ? 0 : 100) });
    await run(0, 30); // before Gatewatch; its first run looks back at these minutes

    await run(30, 120);

    expect(messages).toEqual([]);
  });

  it('checkSources() does not take WebSocket messages to clients for a silent log', async () => {
    const chat = loggedStage('chat', { apiType: 'WEBSOCKET', stage: 'live' });
    const pushing = fixture({
      inventory: () => [chat, USERS],
      logged: ({ apiId }, minute) => (apiId === 'users' || minute < 30 ? 100 : 0),
    });
    const chatting = fixture({
      inventory: () => [chat, USERS],
      connects: () => 3,
      logged: ({ apiId }) => (apiId === 'users' ? 100 : 6),
    });

    await pushing.run(0, 90);
    const report = await chatting.run(0, 90);

    expect(pushing.findings).toEqual([]);
    expect(chatting.findings).toEqual([]);
    expect(report?.comparison?.reasons).toMatchObject([{ slug: 'websocket-messages' }]);
  });

  it('checkSources() finds a WebSocket stage that opens connections and logs none', async () => {
    const chat = loggedStage('chat', { apiType: 'WEBSOCKET', stage: 'live' });
    const { run, messages } = fixture({
      inventory: () => [chat, USERS],
      connects: () => 3,
      logged: ({ apiId }, minute) => (apiId === 'users' || minute < 30 ? 100 : 0),
    });

    await run(0, 60);

    expect(messages).toMatchObject([{ title: 'chat-api/live sends no log events' }]);
  });

  it('checkSources() compares REST APIs of one name as a group: one quiet log among them is none of silence', async () => {
    const twins = [loggedStage('a1', { apiName: 'twin' }), loggedStage('b2', { apiName: 'twin' })];
    const loggedUntil = (limit: number) =>
      fixture({
        inventory: () => [...twins, USERS],
        requests: ({ apiId }) => (apiId === 'b2' ? 10 : 100),
        logged: ({ apiId }, minute) => (apiId === 'users' ? 100 : minute < limit ? 50 : 0),
      });
    const one = fixture({
      inventory: () => [...twins, USERS],
      logged: ({ apiId }, minute) => (apiId === 'b2' && minute >= 30 ? 0 : 100),
    });
    const both = loggedUntil(30);

    await one.run(0, 70);
    await both.run(0, 70);

    expect(one.findings).toEqual([]);
    expect(both.messages).toMatchObject([{ title: 'twin/prod sends no log events' }]);
    expect(both.messages[0]?.facts.find(({ label }) => label === 'Counted')?.value).toContain(
      '2 APIs have this name',
    );
  });

  it('checkSources() finds that CloudWatch has no new metrics while logs are busy, and that it has again', async () => {
    const { run, messages } = fixture({
      counted: (_, minute) => (minute >= 30 && minute < 60 ? 0 : 100),
    });

    await run(0, 100);

    expect(messages.map(({ announcement, title }) => [announcement, title])).toEqual([
      ['opened', 'CloudWatch has no new metrics of API Gateway'],
      ['closed', 'CloudWatch has no new metrics of API Gateway'],
    ]);
  });

  it('checkSources() is not blind where CloudWatch never had any metrics of API Gateway', async () => {
    const { run, findings } = fixture({ counted: () => 0 });

    const report = await run(0, 90);

    expect(findings).toEqual([]);
    expect(report?.comparison?.account.countedRequests).toBeNull();
  });

  it('checkSources() finds logs that arrive late, and that they do not any more', async () => {
    const { run, metrics, messages } = fixture({});
    for (let minute = 20; minute < 100; minute += 1) {
      await metrics.publishMetricData([
        {
          name: 'IngestLag',
          dimensions: { Function: 'ingest-access-logs' },
          timestampMs: START_MS + minute * MINUTE_MS,
          unit: 'Milliseconds',
          resolutionSeconds: 60,
          values: [minute >= 40 && minute < 50 ? 420_000 : 90_000],
          counts: [10],
        },
      ]);
    }

    await run(20, 90);

    expect(messages.map(({ announcement, title }) => [announcement, title])).toEqual([
      ['opened', 'Access logs arrive late'],
      ['closed', 'Access logs arrive late'],
    ]);
    expect(messages[0]?.facts[0]?.value).toContain('7 min late at worst');
  });

  it('checkSources() reads the counts of all stages and the one of the account in one sweep', async () => {
    const { run, service } = fixture({});

    await run(0, 6);

    expect(service.asked).toEqual([3, 3]);
  });
});
