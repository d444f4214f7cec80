import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { ReadStack } from '#shared/application/ports.ts';

/** CloudFormation has no error of its own for a stack that does not exist. */
function isNoSuchStack({ name, message }: Error): boolean {
  return name === 'ValidationError' && /does not exist/i.test(message);
}

/**
 * Reads a stack's outputs.
 *
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html}
 */
export function createReadStack(client: CloudFormationClient): ReadStack {
  return async (stackName) => {
    try {
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
      const [stack] = Stacks;
      if (stack === undefined) return null;
      return Object.fromEntries(
        (stack.Outputs ?? []).flatMap(({ OutputKey, OutputValue }) =>
          OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue]],
        ),
      );
    } catch (error) {
      if (error instanceof Error && isNoSuchStack(error)) return null;
      throw error;
    }
  };
}
