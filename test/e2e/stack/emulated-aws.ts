import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { ACCOUNT_THROTTLE } from '#test/e2e/account/throttle.ts';
import { type MiniStack, startMiniStack } from '#test/e2e/emulator/ministack.ts';
import { ensurePythonEnvironment } from '#test/e2e/emulator/python-environment.ts';
import { type Gateway, startGateway } from '#test/e2e/gateway/gateway.ts';
import { type Clients, createClients } from '#test/e2e/stack/clients.ts';
import { createServices, type SlackMessage } from '#test/fakes/aws-services.ts';
import { type HttpServer, startHttpServer } from '#test/fakes/http-server.ts';

/** A Slack that keeps what it is sent. */
export type SlackStandIn = HttpServer & { readonly messages: readonly SlackMessage[] };

/** An AWS account with nothing of Gatewatch in it but the address of its Slack channel. */
export type EmulatedAws = {
  readonly gateway: Gateway;
  readonly miniStack: MiniStack;
  readonly clients: Clients;
  readonly slack: SlackStandIn;
  readonly stop: () => Promise<void>;
};

export const SLACK_PARAMETER = '/gatewatch/slack-webhook';

async function startSlack(): Promise<SlackStandIn> {
  const { answerSlack, delivered } = createServices(new Map());
  const server = await startHttpServer(answerSlack);
  return { ...server, messages: delivered.slackMessages };
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
  const slack = await startSlack();
  const clients = createClients(gateway.url);
  await clients.ssm.send(
    new PutParameterCommand({
      Name: SLACK_PARAMETER,
      Type: 'SecureString',
      Value: `${slack.url}/services/T0/B0/secret`,
    }),
  );
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
