import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReadThrottleQuotas } from '#shared/adapters/service-quotas-read-throttle.ts';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { startHttpServer } from '#test/fakes/http-server.ts';
import { answerServiceQuotas, type QuotaValues } from '#test/fakes/service-quotas.ts';

async function start(values?: QuotaValues) {
  const server = await startHttpServer((request) => answerServiceQuotas(request, values));
  const client = new ServiceQuotasClient(clientConfig(server.url));
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  return { server, readThrottleQuotas: createReadThrottleQuotas(client) };
}

describe('service-quotas-read-throttle', () => {
  it('readThrottleQuotas() reads rate and burst, a call each', async () => {
    const { server, readThrottleQuotas } = await start();

    expect(await readThrottleQuotas()).toEqual({ rateRps: 10_000, burst: 5_000 });
    expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { ServiceCode: 'apigateway', QuotaCode: 'L-8A5B8E43' },
      { ServiceCode: 'apigateway', QuotaCode: 'L-CDF5615A' },
    ]);
  });

  it('readThrottleQuotas() has no burst where Service Quotas does not list one', async () => {
    const { readThrottleQuotas } = await start({ 'L-8A5B8E43': 20_000 });

    expect(await readThrottleQuotas()).toEqual({ rateRps: 20_000, burst: null });
  });

  it('readThrottleQuotas() has no number where none is applied', async () => {
    const { readThrottleQuotas } = await start({});

    expect(await readThrottleQuotas()).toEqual({ rateRps: null, burst: null });
  });

  it('readThrottleQuotas() throws where a quota is listed with an error instead of its value', async () => {
    const { server, readThrottleQuotas } = await start();
    const ErrorReason = { ErrorCode: 'DEPENDENCY_ACCESS_DENIED_ERROR', ErrorMessage: 'secret' };
    server.answerOnce(() => jsonReply({ Quota: { QuotaCode: 'L-8A5B8E43', Value: 0, ErrorReason } }));

    await expect(readThrottleQuotas()).rejects.toMatchObject({
      name: 'QuotaNotReadError',
      message: 'L-8A5B8E43: DEPENDENCY_ACCESS_DENIED_ERROR',
    });
  });

  it.each([
    [400, 'AccessDeniedException'],
    [400, 'TooManyRequestsException'],
    [500, 'ServiceException'],
  ])('readThrottleQuotas() throws for %d %s, by that name', async (status, name) => {
    const { server, readThrottleQuotas } = await start();
    server.answerOnce(() => jsonError(status, name));

    await expect(readThrottleQuotas()).rejects.toMatchObject({ name });
  });

  it('readThrottleQuotas() throws if nobody answers', async () => {
    const { server, readThrottleQuotas } = await start();
    server.answerOnce(() => 'reset');

    await expect(readThrottleQuotas()).rejects.toThrow();
  });
});
