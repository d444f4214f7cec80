import { describe, expect, it } from 'vitest';
import type { ExecutionStory } from '#shared/domain/logs/stories/execution-story.ts';
import type { ExecutionEvent } from '#shared/domain/logs/stories/read-story-line.ts';
import { createStoryAssembler } from '#shared/domain/logs/stories/story-assembler.ts';
import {
  EXECUTION_SAMPLES,
  hasSamples,
  readSampleEvents,
  SUBSCRIPTION,
} from '#test/fakes/execution-samples.ts';

/** The stories that the lines tell, in their order. */
const STORIES: Readonly<Record<string, readonly Partial<ExecutionStory>[]>> = {
  'exec-rest-authorizer-401.txt': [
    {
      requestId: '9cef3834-f42c-46d7-83fe-a6401a431398',
      extendedRequestId: 'W9zMPGrHtjMEeFw=',
      startedAtMs: Date.UTC(2026, 0, 10, 11, 4, 45, 964),
      endedAtMs: Date.UTC(2026, 0, 10, 11, 4, 45, 966),
      // No line states it.
      status: null,
      cause: 'auth.unauthorized',
      authorizer: { authorizerId: '4hugyv', outcome: 'refused' },
      xrayTraceId: '1-6962324d-273b8749616a929c8bd4fd14',
      lines: 4,
      complete: true,
    },
  ],
  'exec-rest-ericallam-lambda-timeout-502.subscription.json': [
    {
      requestId: '286364ab-3a83-11e9-8dc8-db3cf4c83204',
      extendedRequestId: 'Vwc2MGFUrPEFV_g=',
      apiId: 'uwe3g5jm54',
      stage: 'Prod',
      method: 'GET',
      route: 'GET /echo',
      status: 502,
      cause: 'integration.function-error',
      isFunctionError: true,
      integrationLatencyMs: 11_029,
      endpointRequestId: '71952965-d5cc-4974-ae08-6e2138b2275c',
      xrayTraceId: '1-5c7674f4-a3491d0a9c8012c191821b83',
      logsBodies: true,
      truncatedLines: 2,
      lines: 21,
      complete: true,
    },
  ],
  'exec-rest-ericallam-method-throttle-429.subscription.json': [
    {
      extendedRequestId: 'Vts2FFmArPEFh8g=',
      status: 429,
      cause: 'throttle.method',
      throttle: {
        layer: 'method',
        limitRps: 1,
        burst: 1,
        quotaRequests: null,
        period: null,
        usagePlanId: null,
      },
      resourceId: 'k0w8mc',
      logsBodies: false,
      lines: 4,
      complete: true,
    },
  ],
  'exec-rest-jazz-info-200x2.subscription.json': [
    { requestId: '706499f2-afe6-11e8-b7eb-8d53f824f304', status: 200, cause: null, lines: 7, complete: true },
    { requestId: '72621751-afe6-11e8-b7eb-8d53f824f304', status: 200, cause: null, lines: 7, complete: true },
  ],
  'exec-rest-test-invoke-200-awsdocs.txt': [
    {
      requestId: null,
      startedAtMs: Date.UTC(2017, 7, 31, 1, 7, 25),
      method: 'POST',
      status: 200,
      cause: null,
      validation: 'passed',
      integrationLatencyMs: 328,
      logsBodies: true,
      isTestInvocation: true,
      truncatedLines: 1,
      lines: 19,
      complete: true,
    },
  ],
  'exec-rest-usage-plan-429.txt': [
    {
      requestId: 'f277a0b4-2bcd-41b3-8e43-4de770663ffb',
      apiId: 'rohkz08x02',
      stage: 'dev',
      cause: 'throttle.usage-plan',
      throttle: {
        layer: 'usage-plan',
        limitRps: 5,
        burst: 10,
        quotaRequests: null,
        period: null,
        usagePlanId: 'nnpegc',
      },
      complete: false,
    },
    {
      requestId: '7b819c41-e0a0-433a-883e-bc461fd70fd6',
      cause: 'throttle.quota',
      throttle: {
        layer: 'quota',
        limitRps: null,
        burst: null,
        quotaRequests: 500,
        period: 'DAY',
        usagePlanId: 'nnpegc',
      },
      complete: false,
    },
    { requestId: null, apiId: 'xxxxx', stage: 'prod', cause: 'throttle.quota', complete: false },
  ],
};

function assemble(events: readonly ExecutionEvent[]) {
  const assembler = createStoryAssembler();
  const told = events.flatMap((event) => assembler.add(event));
  return { stories: [...told, ...assembler.flush()], rejected: assembler.rejected };
}

describe.skipIf(!hasSamples)('stories of published execution logs', () => {
  it.each(Object.entries(STORIES))('createStoryAssembler() tells the stories of %s', (name, expected) => {
    const { stories, rejected } = assemble(readSampleEvents(name));

    expect(stories).toMatchObject(expected);
    expect(stories).toHaveLength(expected.length);
    expect(rejected).toEqual({});
  });

  it.each(EXECUTION_SAMPLES.filter((name) => name.endsWith(SUBSCRIPTION)))(
    'createStoryAssembler() tells the same of %s backwards and with every line twice',
    (name) => {
      const events = readSampleEvents(name);
      const byId = (stories: readonly ExecutionStory[]) =>
        [...stories].sort((a, b) => ((a.requestId ?? '') < (b.requestId ?? '') ? -1 : 1));

      const again = assemble([...events, ...events].reverse());

      expect(byId(again.stories)).toEqual(byId(assemble(events).stories));
      expect(again.rejected).toMatchObject({ repeated: { count: events.length } });
    },
  );
});
