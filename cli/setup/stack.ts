import type { ReadStack } from '#shared/application/ports.ts';
import { EXECUTION_FILTER_PATTERN } from '#shared/domain/logs/execution/execution-line.ts';
import type { Destinations } from '#shared/domain/subscriptions/wanted-subscriptions.ts';

/** Gatewatch as it is deployed, or not. */
export type DeployedStack =
  | {
      readonly status: 'deployed';
      readonly name: string;
      /** `null` if the outputs do not tell. */
      readonly accountId: string | null;
      readonly destinations: Destinations;
      /** `auto`: it makes its filters itself, every five minutes. */
      readonly subscribeMode: 'auto' | 'manual';
      readonly inventoryTableName: string;
    }
  | { readonly status: 'missing'; readonly name: string }
  /** It is another stack, a failed one, or of an older version. */
  | { readonly status: 'unfit'; readonly name: string; readonly missingOutputs: readonly string[] };

const OUTPUTS = [
  'IngestAccessLogsFunctionArn',
  'IngestExecutionLogsFunctionArn',
  'SubscribeMode',
  'InventoryTableName',
] as const;

const FUNCTION_ARN = /^arn:[^:]+:lambda:[^:]+:(\d{12}):/;

/** The account that the stack is in; `null` while nothing tells. */
export function accountOf(stack: DeployedStack): string | null {
  return stack.status === 'deployed' ? stack.accountId : null;
}

/** Reads the stack of a name. */
export async function readDeployedStack(readStack: ReadStack, name: string): Promise<DeployedStack> {
  const outputs = await readStack(name);
  if (outputs === null) return { status: 'missing', name };
  const missingOutputs = OUTPUTS.filter((key) => (outputs[key] ?? '') === '');
  if (missingOutputs.length > 0) return { status: 'unfit', name, missingOutputs };
  return {
    status: 'deployed',
    name,
    accountId: FUNCTION_ARN.exec(outputs['IngestAccessLogsFunctionArn'] ?? '')?.[1] ?? null,
    destinations: {
      stackName: name,
      accessLogsFunctionArn: outputs['IngestAccessLogsFunctionArn'] ?? '',
      executionLogsFunctionArn: outputs['IngestExecutionLogsFunctionArn'] ?? '',
      executionFilterPattern: EXECUTION_FILTER_PATTERN,
    },
    subscribeMode: outputs['SubscribeMode'] === 'auto' ? 'auto' : 'manual',
    inventoryTableName: outputs['InventoryTableName'] ?? '',
  };
}

/** Where filters would lead to: nowhere yet, unless the stack is deployed. */
export function destinationsOf(stack: DeployedStack): Destinations {
  if (stack.status === 'deployed') return stack.destinations;
  return {
    stackName: stack.name,
    accessLogsFunctionArn: '',
    executionLogsFunctionArn: '',
    executionFilterPattern: EXECUTION_FILTER_PATTERN,
  };
}

/** How the names of the stack's own log groups begin, which feed no function. */
export function ownLogGroupPrefix(stackName: string): string {
  return `/aws/lambda/${stackName}-`;
}

/** Where something is, or would be changed: `stack gatewatch-prod, account 123456789012, eu-west-1`. */
export function describePlace(stack: DeployedStack, region: string): string {
  return `stack ${stack.name}, account ${accountOf(stack) ?? 'unknown'}, ${region}`;
}

/** Why there is no destination, and what to do. */
export function explainStack(stack: Exclude<DeployedStack, { status: 'deployed' }>, region: string): string {
  if (stack.status === 'missing') {
    return `There is no stack ${stack.name} in ${region}: deploy it first (docs/deploy.md), or name another with --stack or --region`;
  }
  return `Stack ${stack.name} in ${region} has no output ${stack.missingOutputs.join(', ')}: deploy this version of Gatewatch, or name another stack with --stack`;
}
