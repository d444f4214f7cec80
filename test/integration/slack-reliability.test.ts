import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SPEED } from '#test/fakes/alert-storm.ts';
import { weatherStorm } from '#test/fakes/storm-outcome.ts';

const TIMEOUT = { timeout: 300_000 };

describe('dispatchAlerts() under 1,000 findings a minute, to a Slack that fails one call in four', () => {
  beforeEach(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / SPEED));
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it(
    'dispatchAlerts() ends with one message of each incident by a bot, in its final state or in the dead letters',
    TIMEOUT,
    async () => {
      const outcome = await weatherStorm('bot', 1);

      expect(outcome.findings).toBeGreaterThanOrEqual(1_000);
      expect(outcome).toMatchObject({ incidents: 50, lost: 0, unmarkedRepeats: 0 });
      expect(outcome.told).toBeGreaterThan(25);
      expect(outcome.kills).toBeGreaterThan(0);
    },
  );

  it(
    'dispatchAlerts() ends with a final message of each incident by a webhook, what came twice marked',
    TIMEOUT,
    async () => {
      const outcome = await weatherStorm('webhook', 1);

      expect(outcome.findings).toBeGreaterThanOrEqual(1_000);
      expect(outcome).toMatchObject({ incidents: 50, lost: 0, unmarkedRepeats: 0 });
      expect(outcome.told).toBeGreaterThan(25);
      expect(outcome.markedRepeats).toBeGreaterThan(0);
    },
  );
});
