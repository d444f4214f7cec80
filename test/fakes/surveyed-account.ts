import type { ApiGatewayContent } from '#test/fakes/apigateway-server.ts';
import { createCloudWatchAnswer, GOOD_MANNERS } from '#test/fakes/cloudwatch-server.ts';
import { createCloudWatchStore } from '#test/fakes/cloudwatch-store.ts';
import type { ReceivedRequest, Reply } from '#test/fakes/http-server.ts';
import { answerServiceQuotas } from '#test/fakes/service-quotas.ts';
import { OUTPUTS, startSetupAccount } from '#test/fakes/setup-account.ts';

const MINUTE_MS = 60_000;

/** How much of its past an account has: half an hour, and what is usual before it. */
const HISTORY_MINUTES = 100;

/** One call as an IAM policy would see it: `apigateway:GET` on `/restapis`. */
type HeadroomCall = { readonly action: string; readonly resource: string };

/** Requests per second of a stage, so many minutes ago; the newest minute that is over is 1 minute ago. */
type RateOf = (minutesAgo: number) => number;

/** An account that `gatewatch headroom` can look at. */
export type SurveyedAccount = {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** Documents of the inventory table. */
  readonly inventory: unknown[];
  readonly stacks: Map<string, Readonly<Record<string, string>>>;
  readonly calls: readonly HeadroomCall[];
  /** Puts what API Gateway counts of a stage that its metrics call so. */
  readonly countByService: (dimensions: Readonly<Record<string, string>>, rateOf: RateOf) => void;
  /** Puts what Gatewatch counts of stages from their logs; `refusedOf` of 429s. */
  readonly countLogged: (stages: readonly LoggedTraffic[]) => void;
  /** Looks at each request first; what it returns is the answer. */
  intercept: (request: ReceivedRequest) => Reply | null;
  readonly stop: () => Promise<void>;
};

/** What the access log of one stage tells. */
export type LoggedTraffic = {
  readonly apiId: string;
  readonly stage: string;
  readonly rateOf: RateOf;
  readonly refusedOf?: RateOf;
};

const SERVICES: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'cloudwatch',
  Logs_20140328: 'logs',
  ServiceQuotasV20190624: 'servicequotas',
};

function callOf({ method, path, headers, body }: ReceivedRequest): HeadroomCall {
  if (method === 'GET') {
    const { pathname } = new URL(path, 'http://localhost');
    return { action: 'apigateway:GET', resource: pathname.replace(/^\/v2(?=\/apis)/, '') };
  }
  const [service = '', action = ''] = String(headers['x-amz-target'] ?? '').split('.');
  if (action === '') {
    const form = new URLSearchParams(body);
    return { action: `cloudformation:${form.get('Action')}`, resource: form.get('StackName') ?? '' };
  }
  const { TableName = '*' } = JSON.parse(body) as { readonly TableName?: string };
  return { action: `${SERVICES[service] ?? service}:${action}`, resource: TableName };
}

type Put = (
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  at: { readonly ms: number; readonly resolutionSeconds: 1 | 60 },
  value: number,
) => void;

/** Puts what a stage did in each second of a minute, for itself and for the account. */
function putSeconds(
  put: Put,
  { apiId, stage, rateOf, refusedOf = () => 0 }: LoggedTraffic,
  minuteMs: number,
  minutesAgo: number,
): void {
  const counts = { RequestCount: rateOf(minutesAgo), ThrottledCount: refusedOf(minutesAgo) };
  for (let second = 0; second < 60; second += 1) {
    const at = { ms: minuteMs + second * 1_000, resolutionSeconds: 1 } as const;
    for (const [name, value] of Object.entries(counts).filter(([, count]) => count > 0)) {
      put('Gatewatch', name, {}, at, value);
      put('Gatewatch', name, { ApiId: apiId, Stage: stage }, at, value);
    }
  }
}

/** Fills a CloudWatch with the past of an account. */
function createPast() {
  const store = createCloudWatchStore();
  const thisMinuteMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const put: Put = (namespace, name, dimensions, at, value) => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const datum = { MetricName: name, Dimensions, Timestamp: at.ms / 1_000, Values: [value], Counts: [1] };
    store.put(namespace, { ...datum, StorageResolution: at.resolutionSeconds }, 0);
  };
  function eachMinute(visit: (ms: number, minutesAgo: number) => void): void {
    for (let minutesAgo = HISTORY_MINUTES; minutesAgo >= 1; minutesAgo -= 1)
      visit(thisMinuteMs - minutesAgo * MINUTE_MS, minutesAgo);
  }
  return { store, put, eachMinute };
}

/** Starts what `gatewatch headroom` talks to, behind one address; its stack `gatewatch-prod` is deployed. */
export async function startSurveyedAccount(content: ApiGatewayContent): Promise<SurveyedAccount> {
  const setup = await startSetupAccount(content);
  const { store, put, eachMinute } = createPast();
  const answerCloudWatch = createCloudWatchAnswer(() => new Date(), GOOD_MANNERS, store);
  const calls: HeadroomCall[] = [];
  setup.stacks.set('gatewatch-prod', OUTPUTS);
  const account: SurveyedAccount = {
    url: setup.url,
    inventory: setup.inventory,
    stacks: setup.stacks,
    calls,
    countByService: (dimensions, rateOf) =>
      eachMinute((ms, minutesAgo) =>
        put('AWS/ApiGateway', 'Count', dimensions, { ms, resolutionSeconds: 60 }, rateOf(minutesAgo) * 60),
      ),
    countLogged: (stages) =>
      eachMinute((ms, minutesAgo) => {
        for (const stage of stages) putSeconds(put, stage, ms, minutesAgo);
      }),
    intercept: () => null,
    stop: setup.stop,
  };
  setup.intercept = (request) => {
    const call = callOf(request);
    calls.push(call);
    const intercepted = account.intercept(request);
    if (intercepted !== null) return intercepted;
    if (call.action.startsWith('servicequotas:')) return answerServiceQuotas(request);
    return call.action === 'cloudwatch:GetMetricData' ? answerCloudWatch(request) : null;
  };
  return account;
}
