import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { ACCOUNT_THROTTLE } from '#test/e2e/account/throttle.ts';
import { type MiniStack, startMiniStack } from '#test/e2e/emulator/ministack.ts';
import { ensurePythonEnvironment } from '#test/e2e/emulator/python-environment.ts';
import { type Gateway, startGateway } from '#test/e2e/gateway/gateway.ts';
import { type Clients, createClients } from '#test/e2e/stack/clients.ts';
import {
  ALERTS,
  SLACK_TOKEN,
  type SlackServer,
  startSlackServer,
  WEBHOOK_PATH,
} from '#test/fakes/slack/slack-server.ts';

/** An AWS account with nothing of Gatewatch in it but the secrets of its Slack. */
export type EmulatedAws = {
  readonly gateway: Gateway;
  readonly miniStack: MiniStack;
  readonly clients: Clients;
  readonly slack: SlackServer;
  readonly stop: () => Promise<void>;
};

export const SLACK_TOKEN_PARAMETER = '/gatewatch/slack-token';
export const SLACK_WEBHOOK_PARAMETER = '/gatewatch/slack-webhook';
export const SLACK_CHANNEL = ALERTS.id;

/** A topic of the account's that its alarms send to. */
export const ALARM_TOPIC = 'their-alarms';

/** Puts a secret where the stack reads it. */
export async function keepSecret({ ssm }: Clients, Name: string, Value: string): Promise<void> {
  await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
}

/** Starts the emulator, the gateway in front of it and a Slack. */
export async function startEmulatedAws(): Promise<EmulatedAws> {
  const { python } = await ensurePythonEnvironment();
  const gateway = await startGateway();
  // Each of the two services tells a number of its own, and says too much of the other one.
  gateway.throttle.account = { rateLimit: 10_000, burstLimit: ACCOUNT_THROTTLE.burst };
  gateway.throttle.quotas = { 'L-8A5B8E43': ACCOUNT_THROTTLE.rateRps, 'L-CDF5615A': 5_000 };
  const miniStack = await startMiniStack(python, gateway.url);
  gateway.connect(miniStack.url);
  const slack = await startSlackServer();
  const clients = createClients(gateway.url);
  await keepSecret(clients, SLACK_TOKEN_PARAMETER, SLACK_TOKEN);
  await keepSecret(clients, SLACK_WEBHOOK_PARAMETER, slack.url + WEBHOOK_PATH);
  await clients.sns.send(new CreateTopicCommand({ Name: ALARM_TOPIC }));
  return {
    gateway,
    miniStack,
    clients,
    slack,
    stop: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await miniStack.stop();
      await Promise.all([gateway.stop(), slack.stop()]);
    },
  };
}
