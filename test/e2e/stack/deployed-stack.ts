import { DescribeStackResourcesCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { type EmulatedAws, SLACK_PARAMETER } from '#test/e2e/stack/emulated-aws.ts';
import { removeUnsupported } from '#test/e2e/stack/emulated-template.ts';
import { runOsls } from '#test/e2e/stack/osls.ts';
import { type PackagedStack, packageStack } from '#test/infra/package-stack.ts';

export const STACK_NAME = 'gatewatch-prod';

const PARAMETERS = {
  alarmEmail: 'on-call@example.com',
  // Nothing arrives late here.
  settleSeconds: '1',
  slackWebhookParameter: SLACK_PARAMETER,
};

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

/** Packages the stack with the parameters of the tests. */
export function packageForTests(): Promise<PackagedStack> {
  return packageStack(PARAMETERS);
}

/** Deploys a packaged stack with osls, for the first time or over an earlier one. */
export async function deployStack(aws: EmulatedAws, { directory }: PackagedStack): Promise<DeployedStack> {
  const parameters = Object.entries(PARAMETERS).map(([name, value]) => `--param=${name}=${value}`);
  const leftOut = removeUnsupported(directory);
  await runOsls(directory, aws.gateway.url, ['deploy', '--package', '.serverless', ...parameters]);
  aws.gateway.roles.forget();
  return {
    outputs: await readOutputs(aws),
    resources: await readResources(aws),
    leftOut,
    invoke: (functionName, event = {}) => invoke(aws, functionName, event),
    remove: () => runOsls(directory, aws.gateway.url, ['remove', ...parameters]),
  };
}
