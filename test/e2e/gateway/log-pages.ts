import * as v from 'valibot';
import type { RawReply, RawRequest } from '#test/e2e/gateway/raw-request.ts';
import type { Upstream } from '#test/e2e/gateway/upstream.ts';

const RequestSchema = v.looseObject({
  startTime: v.optional(v.number(), 0),
  limit: v.optional(v.number(), 10_000),
  nextToken: v.optional(v.pipe(v.string(), v.regex(/^\d+-\d+$/))),
});

const AnswerSchema = v.looseObject({ events: v.array(v.looseObject({ timestamp: v.number() })) });

/**
 * Answers FilterLogEvents page by page. MiniStack 1.5.33 gives the first 10,000 events of a time and no token for the
 * rest. A page goes on at the millisecond with which the last one ended, of which a page must not be full.
 */
export async function answerFilterLogEvents(upstream: Upstream, request: RawRequest): Promise<RawReply> {
  const { nextToken, ...input } = v.parse(RequestSchema, JSON.parse(request.body.toString('utf8')));
  const [startTime = 0, given = 0] = (nextToken ?? `${input.startTime}-0`).split('-').map(Number);
  const body = Buffer.from(JSON.stringify({ ...input, startTime }));
  const reply = await upstream.forward({ ...request, body });
  if (typeof reply === 'string' || reply.status !== 200) return reply;
  const answer = v.parse(AnswerSchema, JSON.parse(reply.body.toString('utf8')));
  const { events } = answer;
  const lastMs = events.at(-1)?.timestamp ?? 0;
  const ofLast = events.filter(({ timestamp }) => timestamp === lastMs).length;
  const hasMore = events.length >= input.limit;
  const page = {
    ...answer,
    events: events.slice(given),
    ...(hasMore && { nextToken: `${lastMs}-${ofLast}` }),
  };
  return { ...reply, body: Buffer.from(JSON.stringify(page)) };
}
