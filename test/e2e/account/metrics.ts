import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';

/** A series of the namespace Gatewatch. */
export type Series = { readonly name: string; readonly dimensions: Readonly<Record<string, string>> };

/** The sum of a series over a time, as a dashboard would show it. Epoch milliseconds. */
export async function sumOf(
  client: CloudWatchClient,
  { name, dimensions }: Series,
  fromMs: number,
  toMs: number,
): Promise<number> {
  let sum = 0;
  let NextToken: string | undefined;
  do {
    const answer = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(fromMs),
        EndTime: new Date(toMs),
        ScanBy: 'TimestampAscending',
        ...(NextToken !== undefined && { NextToken }),
        MetricDataQueries: [
          {
            Id: 'sum',
            MetricStat: {
              Metric: {
                Namespace: 'Gatewatch',
                MetricName: name,
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: 60,
              Stat: 'Sum',
            },
          },
        ],
      }),
    );
    for (const value of answer.MetricDataResults?.[0]?.Values ?? []) sum += value;
    ({ NextToken } = answer);
  } while (NextToken !== undefined);
  return sum;
}
