import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnswerCustomResource } from '#shared/adapters/cloudformation-answer-custom-resource.ts';
import type { CustomResourceOutcome, CustomResourceRequest } from '#shared/application/ports.ts';
import { type HttpServer, type Reply, refusingUrl, startHttpServer } from '#test/fakes/http-server.ts';

const PATH = '/arn%3Aaws%3Acloudformation?AWSAccessKeyId=key&Signature=secret%2Fsignature%3D';

const REQUEST: Omit<CustomResourceRequest, 'responseUrl'> = {
  type: 'Delete',
  stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/gatewatch-prod/guid',
  requestId: 'request-1',
  logicalResourceId: 'LogGroupSubscriptions',
  physicalResourceId: 'gatewatch-subscriptions',
};

const FAILURE: Reply = { status: 503, body: 'Slow Down' };

describe('cloudformation-answer-custom-resource', () => {
  let server: HttpServer;
  let waitsMs: number[];

  beforeEach(async () => {
    waitsMs = [];
    server = await startHttpServer(() => ({ status: 200 }));
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await server.stop();
  });

  async function answer(url: string, outcome: CustomResourceOutcome = { status: 'SUCCESS' }): Promise<void> {
    const wait = async (milliseconds: number) => {
      waitsMs.push(milliseconds);
    };
    await createAnswerCustomResource(wait)({ ...REQUEST, responseUrl: url }, outcome);
  }

  const sent = (): unknown => JSON.parse(server.requests[0]?.body ?? '');

  it('answer() puts the fields of the request and the status at the address, without a content type', async () => {
    await answer(server.url + PATH);

    const [request, ...others] = server.requests;
    expect(others).toEqual([]);
    expect(request).toMatchObject({ method: 'PUT', path: PATH });
    expect(request?.headers['content-type']).toBeUndefined();
    expect(request?.headers['content-length']).toBe(String(request?.body.length));
    expect(sent()).toEqual({
      Status: 'SUCCESS',
      Reason: '',
      PhysicalResourceId: REQUEST.physicalResourceId,
      StackId: REQUEST.stackId,
      RequestId: REQUEST.requestId,
      LogicalResourceId: REQUEST.logicalResourceId,
    });
  });

  it('answer() says why it failed', async () => {
    await answer(server.url + PATH, { status: 'FAILED', reason: 'out of time' });

    expect(sent()).toMatchObject({ Status: 'FAILED', Reason: 'out of time' });
  });

  it.each(['x', '😀', '\u0000'])(
    'answer() stays below 4,096 bytes with a long reason of %j',
    async (unit) => {
      await answer(server.url + PATH, { status: 'FAILED', reason: unit.repeat(10_000) });

      expect(Buffer.byteLength(server.requests[0]?.body ?? '')).toBeLessThan(4_096);
    },
  );

  it.each([
    ['refused', FAILURE],
    ['not answered', 'reset' as const],
  ])('answer() tries three times when it is %s', async (_, reply) => {
    server.answerOnce(() => reply);
    server.answerOnce(() => reply);

    await answer(server.url + PATH);

    expect(server.requests).toHaveLength(3);
    expect(waitsMs).toEqual([1_000, 2_000]);
  });

  it('answer() throws after three attempts, without the address', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) server.answerOnce(() => FAILURE);

    const error = await answer(server.url + PATH).catch((thrown: unknown) => thrown);

    expect(error).toHaveProperty('message', 'CloudFormation did not take the answer: HTTP 503');
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/127\.0\.0\.1|secret/);
    expect(server.requests).toHaveLength(3);
    expect(waitsMs).toEqual([1_000, 2_000]);
  });

  it.each([
    ['nobody listens', async () => (await refusingUrl()) + PATH],
    ['it is no address', async () => `secret${PATH}`],
  ])('answer() throws when %s, without the address', async (_, createUrl) => {
    const error = await answer(await createUrl()).catch((thrown: unknown) => thrown);

    expect(error).toHaveProperty('message', 'CloudFormation did not take the answer: no answer');
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/127\.0\.0\.1|secret/);
  });

  it('answer() gives up an attempt after 5 seconds, here made 50 milliseconds', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100));
    server.answerOnce(() => 'silence');

    await answer(server.url + PATH);

    expect(spy).toHaveBeenCalledWith(5_000);
    expect(server.requests).toHaveLength(2);
  });
});
