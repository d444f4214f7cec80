import { partitionOf } from '#shared/domain/logging/arn-partition.ts';

/**
 * What `gatewatch setup` may do, as a policy: the first statements are all that a dry run needs, the others are for
 * `--apply` and `--remove`.
 *
 * @param region - `undefined` for any
 * @see {@link https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html}
 */
export function setupPolicy(region: string | undefined, stackName: string): object {
  const partition = partitionOf(region ?? '');
  const place = region ?? '*';
  const apis = ['/restapis', '/restapis/*/stages', '/apis', '/apis/*/stages'];
  const logGroups = `arn:${partition}:logs:${place}:*:log-group:*`;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DryRunReadsStages',
        Effect: 'Allow',
        Action: 'apigateway:GET',
        Resource: apis.map((path) => `arn:${partition}:apigateway:${place}::${path}`),
      },
      {
        Sid: 'DryRunReadsLogGroupsAndRequestCounts',
        Effect: 'Allow',
        Action: ['logs:DescribeLogGroups', 'cloudwatch:GetMetricData'],
        Resource: '*',
      },
      {
        Sid: 'DryRunReadsFilters',
        Effect: 'Allow',
        Action: 'logs:DescribeSubscriptionFilters',
        Resource: logGroups,
      },
      {
        Sid: 'DryRunReadsTheStack',
        Effect: 'Allow',
        Action: 'cloudformation:DescribeStacks',
        Resource: `arn:${partition}:cloudformation:${place}:*:stack/${stackName}/*`,
      },
      {
        Sid: 'ApplyAndRemoveChangeFilters',
        Effect: 'Allow',
        Action: ['logs:PutSubscriptionFilter', 'logs:DeleteSubscriptionFilter'],
        Resource: logGroups,
      },
      {
        Sid: 'RemoveReadsTheInventory',
        Effect: 'Allow',
        Action: 'dynamodb:Scan',
        Resource: `arn:${partition}:dynamodb:${place}:*:table/${stackName}-InventoryTable-*`,
      },
    ],
  };
}
