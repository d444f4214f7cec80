import { DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ACCOUNT_ID, REGION } from '#test/e2e/gateway/aws-call.ts';
import {
  ALARM_TOPIC,
  type EmulatedAws,
  SLACK_CHANNEL,
  SLACK_TOKEN_PARAMETER,
  SLACK_WEBHOOK_PARAMETER,
} from '#test/e2e/stack/emulated-aws.ts';
import { removeUnsupported } from '#test/e2e/stack/emulated-template.ts';
import { runOsls } from '#test/e2e/stack/osls.ts';
import { type PackagedStack, packageStack } from '#test/infra/package-stack.ts';

export const STACK_NAME = 'gatewatch-prod';

const PARAMETERS = {
  alarmEmail: 'on-call@example.com',
  alarmTopicArn: `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${ALARM_TOPIC}`,
  // Nothing arrives late here.
  settleSeconds: '1',
};

/** How Slack is told. */
export type SlackVariant = 'bot' | 'webhook';

/** A packaged stack with the parameters that it was packaged with. */
export type TestPackage = PackagedStack & { readonly parameters: Readonly<Record<string, string>> };

/** Gatewatch as it is deployed. */
export type DeployedStack = {
  readonly outputs: Readonly<Record<string, string>>;
  /** Physical ids by logical ones. */
  readonly resources: Readonly<Record<string, string>>;
  /** What the emulator could not make. */
  readonly leftOut: readonly string[];
  /** Runs a function and waits for it. @throws {Error} If it failed */
  readonly invoke: (functionName: string, event?: unknown) => Promise<unknown>;
  readonly remove: () => Promise<void>;
};

async function readOutputs({ clients }: EmulatedAws): Promise<Record<string, string>> {
  const { Stacks } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK_NAME }));
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

async function readResources({ clients }: EmulatedAws): Promise<Record<string, string>> {
  const { StackResources = [] } = await clients.cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: STACK_NAME }),
  );
  return Object.fromEntries(
    StackResources.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

async function invoke({ clients }: EmulatedAws, functionName: string, event: unknown): Promise<unknown> {
  const { FunctionError, Payload } = await clients.lambda.send(
    new InvokeCommand({
      FunctionName: `${STACK_NAME}-${functionName}`,
      Payload: Buffer.from(JSON.stringify(event)),
    }),
  );
  const text = Buffer.from(Payload ?? []).toString('utf8');
  if (FunctionError !== undefined) throw new Error(`${functionName} failed: ${text.slice(0, 1_000)}`);
  return text === '' ? null : JSON.parse(text);
}

function slackParameters({ slack }: EmulatedAws, variant: SlackVariant): Record<string, string> {
  if (variant === 'webhook') return { slackWebhookParameter: SLACK_WEBHOOK_PARAMETER };
  const slackApiUrl = slack.apiUrl;
  return { slackTokenParameter: SLACK_TOKEN_PARAMETER, slackChannel: SLACK_CHANNEL, slackApiUrl };
}

/** Packages the stack with the parameters of the tests. */
export async function packageForTests(aws: EmulatedAws, variant: SlackVariant): Promise<TestPackage> {
  const parameters = { ...PARAMETERS, ...slackParameters(aws, variant) };
  return { ...(await packageStack(parameters)), parameters };
}

/** Deploys a packaged stack with osls, for the first time or over an earlier one. */
export async function deployStack(
  aws: EmulatedAws,
  { directory, parameters }: TestPackage,
): Promise<DeployedStack> {
  const given = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`);
  const leftOut = removeUnsupported(directory);
  await runOsls(directory, aws.gateway.url, ['deploy', '--package', '.serverless', ...given]);
  aws.gateway.roles.forget();
  return {
    outputs: await readOutputs(aws),
    resources: await readResources(aws),
    leftOut,
    invoke: (functionName, event = {}) => invoke(aws, functionName, event),
    remove: () => runOsls(directory, aws.gateway.url, ['remove', ...given]),
  };
}
