import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';
import { joinRequest } from '#shared/domain/logs/joined/join-request.ts';
import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';
import { createRequestJoiner } from '#shared/domain/logs/joined/request-joiner.ts';
import { createParsedRequest } from '#test/fakes/parsed-request.ts';

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 2 });
const id = (letter: string) => fc.integer({ min: 1, max: 3 }).map((number) => `${letter}${number}`);

const told = fc
  .record({
    requestId: maybe(id('r')),
    extendedRequestId: maybe(id('e')),
    apiId: maybe(id('a')),
    stage: maybe(fc.constantFrom('prod', 'dev')),
    method: maybe(fc.constantFrom('GET', 'POST')),
    path: maybe(id('/')),
    integrationLatencyMs: maybe(fc.nat()),
    integrationStatus: maybe(fc.constantFrom(200, 429, 502)),
    cause: maybe(fc.constantFrom(...CAUSE_SLUGS)),
    errorType: maybe(fc.constantFrom('THROTTLED', 'DEFAULT_5XX')),
    throttleLimitRps: maybe(fc.nat()),
    logsBodies: maybe(fc.boolean()),
    complete: fc.boolean(),
  })
  .map((fields) => createParsedRequest(fields));

/** As an access line tells it: with a status, and a cause of its own if that says that it failed. */
const accessRequest = fc.tuple(told, fc.constantFrom(200, 429, 502)).map(([request, status]) => ({
  ...request,
  status,
  cause: status < 400 ? null : (request.cause ?? ('unknown' as const)),
}));

const story = fc
  .tuple(told, maybe(fc.constantFrom(200, 429, 502)))
  .map(([each, status]) => ({ ...each, status }));

describe('joinRequest()', () => {
  it('joinRequest() never changes the status and loses no fact', () => {
    fc.assert(
      fc.property(accessRequest, story, (request, other) => {
        const { cause, complete, ...joined } = joinRequest(request, other);

        expect(joined.status).toBe(request.status);
        expect([request.cause, other.cause]).toContain(cause);
        expect(cause === null).toBe(request.cause === null);
        expect(complete).toBe(request.complete || other.complete);
        for (const [name, value] of Object.entries(joined)) {
          const own = request[name as keyof ParsedRequest];
          expect(value).toBe(own ?? other[name as keyof ParsedRequest]);
        }
      }),
    );
  });

  it('joinRequest() changes nothing more when it is done again', () => {
    fc.assert(
      fc.property(accessRequest, story, (request, other) => {
        const joined = joinRequest(request, other);

        expect(joinRequest(joined, other)).toEqual(joined);
      }),
    );
  });
});

type Step = { readonly kind: 'request' | 'story'; readonly told: ParsedRequest };

function run(steps: readonly Step[]) {
  const joiner = createRequestJoiner(() => []);
  const given = steps.flatMap((step) =>
    step.kind === 'request' ? joiner.addRequest(step.told) : joiner.addStory(step.told, false),
  );
  const texts = [...given, ...joiner.end()].map((each) => JSON.stringify(each)).sort();
  return { texts, counts: joiner.counts };
}

const steps = fc.array(
  fc.oneof(
    accessRequest.map((each): Step => ({ kind: 'request', told: each })),
    story.map((each): Step => ({ kind: 'story', told: each })),
  ),
  { maxLength: 12 },
);

describe('createRequestJoiner()', () => {
  it('createRequestJoiner() gives one result for each request and story, but for those it joins', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { texts, counts } = run(all);

        expect(texts).toHaveLength(all.length - counts.joined);
      }),
    );
  });

  it('createRequestJoiner() gives the same whatever the order, while there is room', () => {
    const shuffled = steps.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );

    fc.assert(
      fc.property(shuffled, ([all, again]) => {
        const [one, other] = [run(all), run(again)];

        expect(other.texts).toEqual(one.texts);
        expect(other.counts.joined).toBe(one.counts.joined);
      }),
    );
  });
});
