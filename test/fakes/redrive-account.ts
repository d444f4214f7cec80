import { jsonError } from '#test/fakes/aws-protocol.ts';
import { answerCloudFormation } from '#test/fakes/cloudformation-server.ts';
import {
  type HttpServer,
  type ReceivedRequest,
  type Reply,
  startHttpServer,
} from '#test/fakes/http-server.ts';
import { createSqsStandIn, type SqsStandIn } from '#test/fakes/sqs-server.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function';

/** An account with a deployed stack, its queues, and functions that take events. */
export type RedriveAccount = {
  readonly server: HttpServer;
  readonly sqs: SqsStandIn;
  /** Events that functions were invoked with, by name. */
  readonly invoked: readonly { readonly name: string; readonly event: unknown }[];
  /** Answers invocations in this way; `null` for the usual one. */
  readonly answerInvocations: (reply: Reply | null) => void;
  /** What a process needs to call this account. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: () => Promise<void>;
};

function outputsOf(url: string): Record<string, string> {
  const queue = (name: string): string => `${url}/123456789012/${name}`;
  return {
    IngestAccessLogsFunctionArn: `${LAMBDA}:gatewatch-prod-ingest-access-logs`,
    IngestExecutionLogsFunctionArn: `${LAMBDA}:gatewatch-prod-ingest-execution-logs`,
    DispatchAlertsFunctionArn: `${LAMBDA}:gatewatch-prod-dispatch-alerts`,
    IngestDeadLettersUrl: queue('IngestDeadLetters'),
    ParkedDeadLettersUrl: queue('ParkedDeadLetters'),
    AlertDeadLettersUrl: queue('AlertDeadLetters'),
    ParkedMetricsUrl: queue('ParkedMetrics'),
  };
}

/** Starts the account; its letters are a minute old. */
export async function startRedriveAccount(): Promise<RedriveAccount> {
  const stacks = new Map<string, Record<string, string>>();
  const startedMs = Date.now();
  // What the tests put there was there before the process began.
  const sqs = createSqsStandIn(() => (isFilling ? startedMs - 60_000 : Date.now()));
  let isFilling = true;
  const invoked: { name: string; event: unknown }[] = [];
  let invocationReply: Reply | null = null;

  function answerLambda({ path, body, headers }: ReceivedRequest): Reply {
    const [, arn = ''] = /\/functions\/([^/]+)\/invocations$/.exec(path) ?? [];
    if (headers['x-amz-invocation-type'] !== 'Event') return jsonError(400, 'InvalidRequestContentException');
    if (invocationReply !== null) return invocationReply;
    invoked.push({ name: decodeURIComponent(arn).split(':').at(-1) ?? '', event: JSON.parse(body) });
    return { status: 202, body: '' };
  }

  const server = await startHttpServer((request) => {
    isFilling = false;
    if (request.headers['x-amz-target'] !== undefined) return sqs.answer(request);
    if (request.path.includes('/functions/')) return answerLambda(request);
    return answerCloudFormation(stacks, request);
  });
  stacks.set('gatewatch-prod', outputsOf(server.url));
  stacks.set('older', { IngestAccessLogsFunctionArn: `${LAMBDA}:older-ingest-access-logs` });
  return {
    server,
    sqs,
    invoked,
    answerInvocations: (reply) => {
      invocationReply = reply;
    },
    env: {
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_PROFILE: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    stop: server.stop,
  };
}
