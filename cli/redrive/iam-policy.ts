import { partitionOf } from '#shared/domain/logging/arn-partition.ts';

/**
 * What `gatewatch redrive` may do, as a policy: the first statements are all that a dry run needs, the others are for
 * `--apply` and `--discard`.
 *
 * @param region - `undefined` for any
 * @see {@link https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html}
 */
export function redrivePolicy(region: string | undefined, stackName: string): object {
  const partition = partitionOf(region ?? '');
  const place = region ?? '*';
  const queue = (id: string): string => `arn:${partition}:sqs:${place}:*:${stackName}-${id}-*`;
  const lambda = (name: string): string => `arn:${partition}:lambda:${place}:*:function:${stackName}-${name}`;
  const letters = [queue('IngestDeadLetters'), queue('ParkedDeadLetters'), queue('AlertDeadLetters')];
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DryRunReadsTheStack',
        Effect: 'Allow',
        Action: 'cloudformation:DescribeStacks',
        Resource: `arn:${partition}:cloudformation:${place}:*:stack/${stackName}/*`,
      },
      {
        Sid: 'DryRunLooksAtLetters',
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility'],
        Resource: letters,
      },
      {
        Sid: 'ApplyInvokes',
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: [lambda('ingest-access-logs'), lambda('ingest-execution-logs'), lambda('dispatch-alerts')],
      },
      { Sid: 'ApplyParks', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue('ParkedMetrics') },
      { Sid: 'ApplyAndDiscardDelete', Effect: 'Allow', Action: 'sqs:DeleteMessage', Resource: letters },
    ],
  };
}
