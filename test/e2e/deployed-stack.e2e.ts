import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { e2e, incidents } from '#test/e2e/e2e.ts';
import { describeAlarms } from '#test/e2e/scenarios/alerting-alarms.ts';
import { describeCrash } from '#test/e2e/scenarios/alerting-crash.ts';
import { describeDrill } from '#test/e2e/scenarios/alerting-drill.ts';
import { describeEvidence } from '#test/e2e/scenarios/alerting-evidence.ts';
import { describeHeartbeat } from '#test/e2e/scenarios/alerting-heartbeat.ts';
import { describeMute } from '#test/e2e/scenarios/alerting-mute.ts';
import { describeOutage } from '#test/e2e/scenarios/alerting-outage.ts';
import { describeWebhook } from '#test/e2e/scenarios/alerting-webhook.ts';
import { describeBlindness } from '#test/e2e/scenarios/blindness.ts';
import { describeBodyLogging } from '#test/e2e/scenarios/body-logging.ts';
import { describeChanges } from '#test/e2e/scenarios/changes.ts';
import { describeDeployment } from '#test/e2e/scenarios/deployment.ts';
import { describeEnding } from '#test/e2e/scenarios/ending.ts';
import { describeEvaluators } from '#test/e2e/scenarios/evaluators.ts';
import { describeFaults } from '#test/e2e/scenarios/faults.ts';
import { describeHeadroomCommand } from '#test/e2e/scenarios/headroom-command.ts';
import { describeLetters } from '#test/e2e/scenarios/letters.ts';
import { describePipeline } from '#test/e2e/scenarios/pipeline.ts';
import { describePrivacy } from '#test/e2e/scenarios/privacy.ts';
import { describeQuota } from '#test/e2e/scenarios/quota.ts';
import { describeRemoval } from '#test/e2e/scenarios/removal.ts';
import { describeReplay } from '#test/e2e/scenarios/replay.ts';
import { describeSubscriptions } from '#test/e2e/scenarios/subscriptions.ts';
import { packageForTests } from '#test/e2e/stack/deployed-stack.ts';
import { startEmulatedAws } from '#test/e2e/stack/emulated-aws.ts';

/** One account and one stack from its first deployment to its removal: each part goes on where the last one ended. */
describe('the packaged stack on a local AWS', () => {
  beforeAll(async () => {
    e2e.aws = await startEmulatedAws();
    const [bot, webhook] = await Promise.all([
      packageForTests(e2e.aws, 'bot'),
      packageForTests(e2e.aws, 'webhook'),
    ]);
    e2e.packaged = { bot, webhook };
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    console.log(e2e.aws.gateway.failures, e2e.aws.miniStack.logTail());
    if (e2e.stack !== undefined) console.log(JSON.stringify(await incidents(), null, 2));
  });

  afterAll(async () => {
    await e2e.aws?.stop();
    for (const { remove } of Object.values(e2e.packaged ?? {})) remove();
  });

  describeDeployment();
  describeWebhook();
  describeSubscriptions();
  describePipeline();
  describeReplay();
  describeHeadroomCommand();
  describeBlindness();
  describeFaults();
  const { thatItIsMadeUpFor } = describeCrash();
  describeLetters();
  thatItIsMadeUpFor();
  describeEvaluators();
  describeChanges();
  describeEnding();
  const { thatItIsTold } = describeQuota();
  const { thatSilenceIsNoticed } = describeEvidence();
  describeOutage();
  describeMute();
  describeAlarms();
  describeDrill();
  describeHeartbeat();
  thatSilenceIsNoticed();
  thatItIsTold();
  describeBodyLogging();
  describePrivacy();
  describeRemoval();
});
