import { partitionOf } from '#shared/domain/logging/arn-partition.ts';

/**
 * What `gatewatch drill` may do, as a policy: put events on the stack's bus, and read the incidents of drills.
 *
 * @param region - `undefined` for any
 * @see {@link https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html}
 * @see {@link https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html}
 */
export function drillPolicy(region: string | undefined, stackName: string): object {
  const partition = partitionOf(region ?? '');
  const place = region ?? '*';
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ReadsTheStack',
        Effect: 'Allow',
        Action: 'cloudformation:DescribeStacks',
        Resource: `arn:${partition}:cloudformation:${place}:*:stack/${stackName}/*`,
      },
      {
        Sid: 'PutsTheDrillOnTheBus',
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: `arn:${partition}:events:${place}:*:event-bus/${stackName}`,
      },
      {
        Sid: 'LooksAtDrills',
        Effect: 'Allow',
        Action: 'dynamodb:GetItem',
        Resource: `arn:${partition}:dynamodb:${place}:*:table/${stackName}-IncidentsTable-*`,
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['drill|*'] } },
      },
    ],
  };
}
