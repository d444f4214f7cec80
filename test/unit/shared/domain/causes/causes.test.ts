import { describe, expect, it } from 'vitest';
import { CAUSE_SLUGS, CAUSES, isGatewayThrottle, SERVER_CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';

describe('CAUSES', () => {
  it.each(CAUSE_SLUGS)('CAUSES has words for %s', (slug) => {
    const { label, meaning, nextStep } = CAUSES[slug];

    expect(label).toMatch(/^[\w].+[^.]$/);
    expect(meaning).toMatch(/^[A-Z].+\.$/);
    expect(nextStep).toMatch(/^[A-Z].+\.$/);
  });

  it('CAUSES has the 33 slugs of the documentation, each a valid dimension value', () => {
    expect(CAUSE_SLUGS).toHaveLength(33);
    expect(CAUSE_SLUGS.every((slug) => /^[a-z0-9.-]{1,40}$/.test(slug))).toBe(true);
  });
});

describe('isGatewayThrottle()', () => {
  it('isGatewayThrottle() is true for the throttles that API Gateway makes, and for nothing else', () => {
    expect(CAUSE_SLUGS.filter(isGatewayThrottle)).toEqual([
      'throttle.usage-plan',
      'throttle.quota',
      'throttle.method',
      'throttle.account',
      'throttle.unknown-level',
    ]);
    expect(isGatewayThrottle(null)).toBe(false);
  });
});

describe('SERVER_CAUSE_SLUGS', () => {
  it('SERVER_CAUSE_SLUGS are the causes that can end in a 5xx', () => {
    expect(SERVER_CAUSE_SLUGS).toEqual([
      'auth.authorizer-failed',
      'auth.authorizer-misconfigured',
      'waf.failed',
      'integration.timeout',
      'integration.network',
      'integration.function-error',
      'integration.malformed-response',
      'integration.permission',
      'integration.concurrency',
      'integration.unavailable',
      'gateway.configuration',
      'gateway.internal',
      'backend.5xx',
      'unknown',
    ]);
  });
});
