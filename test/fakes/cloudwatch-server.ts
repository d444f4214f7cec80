import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import * as v from 'valibot';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { type CloudWatchStore, createCloudWatchStore, type Point } from '#test/fakes/cloudwatch-store.ts';
import { type Answer, type HttpServer, type Reply, startHttpServer } from '#test/fakes/http-server.ts';

const TARGET = 'GraniteServiceVersion20100801.';
const MAX_BODY_BYTES = 1_000_000;
const MAX_AGE_SECONDS = 14 * 24 * 60 * 60;
const MAX_AHEAD_SECONDS = 2 * 60 * 60;
/** How long CloudWatch keeps data for periods below a minute. */
const FINE_SECONDS = 3 * 60 * 60;

/** Printable ASCII with something to see in it, as names and values of dimensions must be. */
const Ascii = v.pipe(v.string(), v.regex(/^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/), v.maxLength(1024));
const Number360 = v.pipe(v.number(), v.finite());
const Dimensions = v.pipe(v.array(v.strictObject({ Name: Ascii, Value: Ascii })), v.maxLength(30));

const DatumSchema = v.pipe(
  v.strictObject({
    MetricName: Ascii,
    Dimensions,
    Timestamp: v.number(),
    Unit: v.picklist(['Count', 'Milliseconds', 'Count/Second', 'Percent']),
    StorageResolution: v.picklist([1, 60]),
    Values: v.pipe(v.array(Number360), v.minLength(1), v.maxLength(150)),
    Counts: v.array(v.pipe(v.number(), v.integer(), v.gtValue(0))),
  }),
  v.check(({ Values, Counts }) => Values.length === Counts.length, 'Values and Counts differ in length'),
);

const PutSchema = v.strictObject({
  Namespace: v.pipe(Ascii, v.regex(/^(?!AWS\/)/)),
  MetricData: v.pipe(v.array(DatumSchema), v.minLength(1), v.maxLength(1_000)),
});

const QuerySchema = v.strictObject({
  Id: v.pipe(v.string(), v.regex(/^[a-z]\w{0,254}$/)),
  MetricStat: v.strictObject({
    Metric: v.strictObject({ Namespace: Ascii, MetricName: Ascii, Dimensions }),
    Period: v.picklist([1, 60, 3_600]),
    Stat: v.pipe(v.string(), v.regex(/^(Sum|Maximum|p\d{1,2}(\.\d+)?)$/)),
  }),
});

const GetSchema = v.pipe(
  v.strictObject({
    MetricDataQueries: v.pipe(v.array(QuerySchema), v.minLength(1), v.maxLength(500)),
    StartTime: v.number(),
    EndTime: v.number(),
    ScanBy: v.literal('TimestampAscending'),
    NextToken: v.optional(v.pipe(v.string(), v.regex(/^after-\d+$/))),
  }),
  v.check(({ StartTime, EndTime }) => StartTime < EndTime, 'StartTime is not before EndTime'),
  v.check(({ MetricDataQueries }) => isUnique(MetricDataQueries.map(({ Id }) => Id)), 'an Id comes twice'),
);

function isUnique(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}

function refuse(message: string): Reply {
  return jsonError(400, 'InvalidParameterValue', message);
}

function invalid(issue: v.BaseIssue<unknown>): Reply {
  return refuse(`${v.getDotPath(issue) ?? 'request'}: ${issue.message}`);
}

function putMetricData(store: CloudWatchStore, input: unknown, nowSeconds: number): Reply {
  const parsed = v.safeParse(PutSchema, input);
  if (!parsed.success) return invalid(parsed.issues[0]);
  const { Namespace, MetricData } = parsed.output;
  for (const { Timestamp } of MetricData) {
    if (Timestamp < nowSeconds - MAX_AGE_SECONDS) return refuse('Timestamp: older than two weeks');
    if (Timestamp > nowSeconds + MAX_AHEAD_SECONDS) return refuse('Timestamp: more than two hours ahead');
  }
  for (const datum of MetricData) store.put(Namespace, datum, nowSeconds);
  return jsonReply({});
}

/** What of one metric falls on a page that begins and ends at the given places among all points. */
function pageOf(Id: string, points: readonly Point[], offset: number, from: number, to: number): unknown {
  const onPage = points.slice(Math.max(from - offset, 0), Math.max(to - offset, 0));
  return {
    Id,
    Label: Id,
    StatusCode: offset + points.length <= to ? 'Complete' : 'PartialData',
    Timestamps: onPage.map(([start]) => start),
    Values: onPage.map(([, value]) => value),
  };
}

function getMetricData(
  store: CloudWatchStore,
  input: unknown,
  nowSeconds: number,
  { pageSize, hiddenForSeconds }: CloudWatchManners,
): Reply {
  const parsed = v.safeParse(GetSchema, input);
  if (!parsed.success) return invalid(parsed.issues[0]);
  const { MetricDataQueries, StartTime, EndTime, NextToken = 'after-0' } = parsed.output;
  const from = Number(NextToken.slice('after-'.length));
  const to = from + pageSize;
  const window = {
    endSeconds: EndTime,
    arrivedUntilSeconds: nowSeconds - hiddenForSeconds,
  };
  let offset = 0;
  const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat }) => {
    // By the documentation, a query that begins before has no data, without a word, and also none of what is newer:
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html
    const isTooOld = MetricStat.Period < 60 && StartTime < nowSeconds - FINE_SECONDS;
    const points = isTooOld ? [] : store.get(MetricStat, { ...window, startSeconds: StartTime });
    const page = pageOf(Id, points, offset, from, to);
    offset += points.length;
    return page;
  });
  return jsonReply({ MetricDataResults, ...(offset > to && { NextToken: `after-${to}` }) });
}

/** How CloudWatch behaves where it may behave in several ways; can be changed while it runs. */
export type CloudWatchManners = {
  /** Data points of one answer of GetMetricData; what is more comes as `PartialData` with a `NextToken`. */
  pageSize: number;
  /** How long what was put cannot be seen yet. */
  hiddenForSeconds: number;
};

/** AWS's page size; nothing is hidden. */
export const GOOD_MANNERS: Readonly<CloudWatchManners> = { pageSize: 100_800, hiddenForSeconds: 0 };

/**
 * Answers as CloudWatch does about metrics. Refuses everything that Gatewatch does not use, so that no test passes on
 * an answer that is made up.
 *
 * @param store - What is there already, such as metrics that only AWS can put
 */
export function createCloudWatchAnswer(
  now: () => Date,
  manners: CloudWatchManners,
  store: CloudWatchStore = createCloudWatchStore(),
): Answer {
  return ({ method, path, headers, body }) => {
    const isJson =
      method === 'POST' && path === '/' && headers['content-type'] === 'application/x-amz-json-1.0';
    if (!isJson) return refuse('only AWS JSON 1.0 is understood here');
    if (Number(headers['content-length']) > MAX_BODY_BYTES) return jsonError(413, 'RequestEntityTooLarge');
    const nowSeconds = now().getTime() / 1_000;
    if (headers['x-amz-target'] === `${TARGET}PutMetricData`) {
      return putMetricData(store, JSON.parse(body), nowSeconds);
    }
    if (headers['x-amz-target'] === `${TARGET}GetMetricData`) {
      return getMetricData(store, JSON.parse(body), nowSeconds, manners);
    }
    return jsonError(400, 'UnknownOperationException');
  };
}

export type CloudWatchServer = HttpServer & {
  /** A client of this server. */
  readonly createClient: (maxAttempts?: number) => CloudWatchClient;
  /** Takes the next request as usual, and breaks the connection instead of answering. */
  readonly loseNextAnswer: () => void;
};

/**
 * Starts a CloudWatch that has metrics, and nothing else of it.
 *
 * @param pageSize - Data points of one answer of GetMetricData; AWS gives 100,800
 */
export async function startCloudWatch(
  now: () => Date,
  pageSize = GOOD_MANNERS.pageSize,
): Promise<CloudWatchServer> {
  const answer = createCloudWatchAnswer(now, { ...GOOD_MANNERS, pageSize });
  const server = await startHttpServer(answer);
  return {
    ...server,
    createClient: (maxAttempts) => new CloudWatchClient(clientConfig(server.url, maxAttempts)),
    loseNextAnswer: () =>
      server.answerOnce((request) => {
        answer(request);
        return 'reset';
      }),
  };
}
