import fc from 'fast-check';
import type { ApiRequest } from '#shared/domain/logs/access/request.ts';
import { createApiRequest } from '#test/fakes/api-request.ts';

const CAUSES = [
  null,
  'client.validation',
  'throttle.unknown-level',
  'throttle.backend',
  'integration.timeout',
  'backend.5xx',
] as const;

/** A request to one of a few stages within a few minutes, as often as not with latencies. */
export const apiRequest: fc.Arbitrary<ApiRequest> = fc
  .record({
    apiId: fc.constantFrom('orders', 'users', 'search'),
    stage: fc.constantFrom('prod', '$default'),
    timeMs: fc.integer({ min: 0, max: 200_000 }).map((offsetMs) => Date.UTC(2026, 2, 2, 14) + offsetMs),
    status: fc.constantFrom(200, 204, 400, 429, 499, 500, 502, 504),
    cause: fc.constantFrom(...CAUSES),
    responseLatencyMs: fc.option(fc.integer({ min: 0, max: 30_000 })),
    integrationLatencyMs: fc.option(fc.integer({ min: 0, max: 30_000 })),
  })
  .map(createApiRequest);

/** Text of any characters, with those that Slack, JSON and terminals take for more than themselves. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        '<!channel>',
        '<',
        '>',
        '&',
        '&lt;',
        '&amp',
        '"',
        '\\',
        '\n',
        '\u0000',
        '\u202e',
        '😀',
        '`',
        '*',
        'x',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('x', '&', '😀', '<a>'), fc.integer({ min: 0, max: 4_000 }))
    .map(([unit, times]) => unit.repeat(times)),
);
