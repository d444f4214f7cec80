import { partitionOf } from '#shared/domain/logging/arn-partition.ts';

/**
 * What `gatewatch mute` and `gatewatch mutes` may do, as a policy. Of the incidents they only read those that are open;
 * they write nothing but the one item that holds the mutes.
 *
 * @param region - `undefined` for any
 * @see {@link https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html}
 */
export function mutePolicy(region: string | undefined, stackName: string): object {
  const partition = partitionOf(region ?? '');
  const place = region ?? '*';
  const table = `arn:${partition}:dynamodb:${place}:*:table/${stackName}-IncidentsTable-*`;
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
        Sid: 'ReadsAndWritesTheMutes',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        Resource: table,
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mutes'] } },
      },
      {
        Sid: 'ReadsWhatIsOpen',
        Effect: 'Allow',
        Action: 'dynamodb:Query',
        Resource: `${table}/index/active`,
      },
    ],
  };
}
