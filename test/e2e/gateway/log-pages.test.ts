import { describe, expect, it } from 'vitest';
import { answerFilterLogEvents } from '#test/e2e/gateway/log-pages.ts';
import type { RawReply, RawRequest } from '#test/e2e/gateway/raw-request.ts';
import type { Upstream } from '#test/e2e/gateway/upstream.ts';

type Page = { readonly events: { readonly eventId: string }[]; readonly nextToken?: string };

/** Knows time and limit, and nothing of pages. */
function emulator(timestamps: readonly number[]): Upstream {
  const all = timestamps.map((timestamp, index) => ({ eventId: String(index), timestamp }));
  return {
    forward: async ({ body }) => {
      const { startTime, limit } = JSON.parse(body.toString('utf8'));
      const events = all.filter(({ timestamp }) => timestamp >= startTime).slice(0, limit);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ events })) };
    },
    call: () => Promise.reject(new Error('not called')),
  };
}

function request(body: object): RawRequest {
  return { method: 'POST', path: '/', headers: {}, body: Buffer.from(JSON.stringify(body)) };
}

function pageOf(reply: RawReply): Page {
  if (typeof reply === 'string') throw new Error(reply);
  return JSON.parse(reply.body.toString('utf8'));
}

async function readAll(upstream: Upstream, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const input = { limit, startTime: 1, ...(nextToken !== undefined && { nextToken }) };
    const page = pageOf(await answerFilterLogEvents(upstream, request(input)));
    pages.push(page.events.map(({ eventId }) => eventId));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return pages;
}

describe('answerFilterLogEvents()', () => {
  it('gives every event once, also those of the millisecond at which a page ends; a last page may be empty', async () => {
    const pages = await readAll(emulator([0, 1, 2, 2, 2, 3, 4, 4, 5]), 4);

    expect(pages).toEqual([['1', '2', '3', '4'], ['5'], ['6', '7', '8'], []]);
  });

  it('gives no token where there is no more', async () => {
    expect(await readAll(emulator([1, 2]), 4)).toEqual([['0', '1']]);
  });
});
