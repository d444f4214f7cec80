import * as v from 'valibot';
import { jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import type { ReceivedRequest, Reply } from '#test/fakes/http-server.ts';

const Ascii = v.pipe(v.string(), v.regex(/^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/));

const Schema = v.strictObject({
  MetricDataQueries: v.pipe(
    v.array(
      v.strictObject({
        Id: v.pipe(v.string(), v.regex(/^[a-z]\w*$/)),
        MetricStat: v.strictObject({
          Metric: v.strictObject({
            Namespace: v.literal('AWS/ApiGateway'),
            MetricName: v.picklist(['Count', 'ConnectCount', 'MessageCount']),
            Dimensions: v.array(v.strictObject({ Name: Ascii, Value: Ascii })),
          }),
          Period: v.literal(3_600),
          Stat: v.literal('Sum'),
        }),
      }),
    ),
    v.minLength(1),
    v.maxLength(500),
  ),
  StartTime: v.number(),
  EndTime: v.number(),
  ScanBy: v.literal('TimestampAscending'),
  NextToken: v.optional(v.string()),
});

/** `Count a1/prod` for the metric `Count` of a stage, whatever its API is called by. */
export type HourlyRequests = ReadonlyMap<string, number>;

/**
 * Answers GetMetricData about `AWS/ApiGateway`: each hour of the range has the same number of requests. A metric without
 * requests has no data, as in CloudWatch.
 */
export function answerRequestTotals(hourly: HourlyRequests, { body }: ReceivedRequest): Reply {
  const parsed = v.safeParse(Schema, JSON.parse(body));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return jsonError(400, 'InvalidParameterValue', `${v.getDotPath(issue) ?? 'request'}: ${issue.message}`);
  }
  const { MetricDataQueries, StartTime, EndTime } = parsed.output;
  const hours = Array.from({ length: (EndTime - StartTime) / 3_600 }, (_, hour) => StartTime + hour * 3_600);
  const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => {
    const key = `${Metric.MetricName} ${Metric.Dimensions.map(({ Value }) => Value).join('/')}`;
    const requests = hourly.get(key);
    const Timestamps = requests === undefined ? [] : hours;
    return { Id, Label: key, StatusCode: 'Complete', Timestamps, Values: Timestamps.map(() => requests) };
  });
  return jsonReply({ MetricDataResults });
}
