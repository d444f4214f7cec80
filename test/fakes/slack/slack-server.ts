import { type ReceivedRequest, type Reply, startHttpServer } from '#test/fakes/http-server.ts';
import { createRateLimiter, type RateLimit } from '#test/fakes/slack/rate-limit.ts';
import {
  createFaultPlan,
  type FaultPlan,
  isDoneAllTheSame,
  replyOf,
  type SlackFault,
} from '#test/fakes/slack/slack-faults.ts';
import {
  authTest,
  listHistory,
  listReplies,
  type MethodResult,
  neededScope,
  postByWebhook,
  postMessage,
  type SlackArguments,
  updateMessage,
  type Workspace,
} from '#test/fakes/slack/slack-methods.ts';
import { type ChannelSettings, createChannel, type SlackChannel } from '#test/fakes/slack/slack-workspace.ts';

export type SlackSettings = {
  /** Slack's own clock, epoch milliseconds; that of the machine if not given. */
  readonly now?: () => number;
  readonly token?: string;
  readonly scopes?: readonly string[];
  readonly channels?: readonly ChannelSettings[];
  /** Webhooks by path, with the id of the channel that each posts to. */
  readonly webhooks?: Readonly<Record<string, string>>;
  /** Of posts, for each channel and each webhook. */
  readonly postLimit?: RateLimit;
  /** Of each other method. */
  readonly methodLimit?: RateLimit;
  readonly faults?: FaultPlan;
  /** What messages may hold although it pings somebody. */
  readonly mentions?: readonly string[];
};

export type SlackServer = {
  /** Where the methods are: `http://…/api/`. */
  readonly apiUrl: string;
  /** Where the webhooks' paths begin. */
  readonly url: string;
  /** All requests since the start, in order. */
  readonly requests: readonly ReceivedRequest[];
  readonly channels: readonly SlackChannel[];
  /** Calls that came too fast, and were answered with 429 for that. */
  readonly violations: () => number;
  /** Meets the next call with a fault. */
  readonly failOnce: (fault: SlackFault) => void;
  /** Meets every call with a fault, until `null`. */
  readonly setOutage: (fault: SlackFault | null) => void;
  /** Makes another token the only valid one. */
  readonly rotateToken: (token: string) => void;
  readonly stop: () => Promise<void>;
};

/** The token and the webhook that are valid unless a test says otherwise. Neither is real. */
export const SLACK_TOKEN = 'xoxb-000-000-secretsecret';
export const WEBHOOK_PATH = '/services/T0SECRET1/B0SECRET2/XsecretXsecretXsecret';

export const ALERTS: ChannelSettings = { id: 'C0ALERTS001', name: 'alerts' };

const METHODS: Readonly<Record<string, (workspace: Workspace, args: SlackArguments) => MethodResult>> = {
  'auth.test': authTest,
  'chat.postMessage': postMessage,
  'chat.update': updateMessage,
  'conversations.history': listHistory,
  'conversations.replies': listReplies,
};

/**
 * "One message per second per channel", with short bursts; Tier 3 has 50 a minute.
 *
 * @see {@link https://docs.slack.dev/apis/web-api/rate-limits/}
 */
const POST_LIMIT: RateLimit = { perMinute: 60, burst: 3 };
const METHOD_LIMIT: RateLimit = { perMinute: 50, burst: 20 };

function parseArguments({ headers, body }: ReceivedRequest): SlackArguments {
  if (!headers['content-type']?.startsWith('application/json')) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  const entries = Object.entries(JSON.parse(body) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function tooFast(waitMs: number): Reply {
  return {
    status: 429,
    headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
    body: JSON.stringify({ ok: false, error: 'ratelimited' }),
  };
}

/** Where a token is looked for. */
function tokenOf({ headers }: ReceivedRequest, args: SlackArguments): string | undefined {
  return headers.authorization?.replace(/^Bearer /, '') ?? args['token'];
}

/** The state of the stand-in, and what it does with one request. */
function createSlack(settings: SlackSettings) {
  const { now = Date.now, scopes = ['chat:write', 'channels:history', 'groups:history'] } = settings;
  const { webhooks = { [WEBHOOK_PATH]: ALERTS.id }, mentions = [] } = settings;
  const channels = (settings.channels ?? [ALERTS]).map(createChannel);
  const posts = createRateLimiter(settings.postLimit ?? POST_LIMIT);
  const calls = createRateLimiter(settings.methodLimit ?? METHOD_LIMIT);
  let token = settings.token ?? SLACK_TOKEN;
  let violations = 0;

  const workspace = (): Workspace => ({ channels, mentions, nowMs: now() });

  function limit(method: string, key: string): Reply | null {
    const isPost = method === 'chat.postMessage';
    const waitMs = isPost ? posts.take(key, now()) : calls.take(method, now());
    if (waitMs === 0) return null;
    violations += 1;
    return tooFast(waitMs);
  }

  function json(result: object): Reply {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'x-oauth-scopes': scopes.join(','),
    };
    return { status: 200, headers, body: JSON.stringify({ ok: !('error' in result), ...result }) };
  }

  function callMethod(method: string, request: ReceivedRequest): Reply {
    const args = parseArguments(request);
    const given = tokenOf(request, args);
    if (given === undefined || given === '') return json({ error: 'not_authed' });
    if (given !== token) return json({ error: 'invalid_auth' });
    const call = METHODS[method];
    if (call === undefined) return json({ error: 'unknown_method' });
    const needed = neededScope(method, workspace(), args);
    if (needed !== null && !scopes.includes(needed)) {
      return json({ error: 'missing_scope', needed, provided: scopes.join(',') });
    }
    return limit(method, args['channel'] ?? '') ?? json(call(workspace(), args));
  }

  function callWebhook(path: string, { body }: ReceivedRequest): Reply {
    const plain = (status: number, text: string): Reply => ({
      status,
      headers: { 'content-type': 'text/html' },
      body: text,
    });
    const channel = channels.find(({ id }) => id === webhooks[path]);
    if (channel === undefined) return plain(404, 'no_service');
    const refused = limit('chat.postMessage', path);
    if (refused !== null) return refused;
    const problem = postByWebhook(workspace(), channel, body);
    if (problem === null) return plain(200, 'ok');
    return plain(problem === 'channel_is_archived' ? 410 : 400, problem);
  }

  return {
    channels,
    violations: () => violations,
    rotateToken: (other: string) => {
      token = other;
    },
    answer: (request: ReceivedRequest): Reply => {
      const method = /^\/api\/([A-Za-z.]+)$/.exec(request.path)?.[1];
      return method === undefined ? callWebhook(request.path, request) : callMethod(method, request);
    },
  };
}

/** Starts a Slack of this machine: the methods and webhooks that are in use here, as the API documents them. */
export async function startSlackServer(settings: SlackSettings = {}): Promise<SlackServer> {
  const { answer, ...slack } = createSlack(settings);
  const drawFault = settings.faults === undefined ? () => null : createFaultPlan(settings.faults);
  const next: SlackFault[] = [];
  let outage: SlackFault | null = null;

  const server = await startHttpServer((request) => {
    const isWebhook = !request.path.startsWith('/api/');
    const isMessage = isWebhook || request.path.startsWith('/api/chat.');
    const fault = outage ?? next.shift() ?? drawFault(isMessage);
    if (fault === null) return answer(request);
    if (isDoneAllTheSame(fault)) answer(request);
    return replyOf(fault, isWebhook);
  });
  return {
    ...slack,
    apiUrl: `${server.url}/api/`,
    url: server.url,
    requests: server.requests,
    failOnce: (fault) => next.push(fault),
    setOutage: (fault) => {
      outage = fault;
    },
    stop: server.stop,
  };
}
