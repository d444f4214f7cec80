import { partitionOf } from '#shared/domain/logging/arn-partition.ts';

/**
 * What `gatewatch headroom` may do, as a policy. All of it only reads; without what is called optional there is less to
 * see, and the command says so.
 *
 * @param region - `undefined` for any
 * @see {@link https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html}
 * @see {@link https://docs.aws.amazon.com/service-authorization/latest/reference/list_servicequotas.html}
 */
export function headroomPolicy(region: string | undefined, stackName: string): object {
  const partition = partitionOf(region ?? '');
  const place = region ?? '*';
  const paths = ['/account', '/restapis', '/restapis/*/stages', '/apis', '/apis/*/stages'];
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'ReadsRequestCounts', Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' },
      {
        Sid: 'ReadsStagesAndTheThrottle',
        Effect: 'Allow',
        Action: 'apigateway:GET',
        Resource: paths.map((path) => `arn:${partition}:apigateway:${place}::${path}`),
      },
      {
        Sid: 'OptionalReadsTheQuota',
        Effect: 'Allow',
        Action: 'servicequotas:GetServiceQuota',
        // The action knows no resources; a statement that names some allows nothing.
        Resource: '*',
      },
      {
        Sid: 'OptionalReadsTheStack',
        Effect: 'Allow',
        Action: 'cloudformation:DescribeStacks',
        Resource: `arn:${partition}:cloudformation:${place}:*:stack/${stackName}/*`,
      },
      {
        Sid: 'OptionalReadsTheInventory',
        Effect: 'Allow',
        Action: 'dynamodb:Scan',
        Resource: `arn:${partition}:dynamodb:${place}:*:table/${stackName}-InventoryTable-*`,
      },
    ],
  };
}
