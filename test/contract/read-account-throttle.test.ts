import { describe, expect, it, onTestFinished } from 'vitest';
import { createReadAccountThrottle } from '#shared/adapters/apigateway-read-account-throttle.ts';
import { type ApiGatewayContent, apiGatewayError, startApiGateway } from '#test/fakes/apigateway-server.ts';

async function start(throttleSettings?: Record<string, unknown>) {
  const content: ApiGatewayContent = {
    restApis: [],
    v2Apis: [],
    ...(throttleSettings !== undefined && { throttleSettings }),
  };
  const server = await startApiGateway(content);
  const { rest } = server.createClients();
  onTestFinished(() => {
    rest.destroy();
    return server.stop();
  });
  return { server, readAccountThrottle: createReadAccountThrottle(rest) };
}

describe('apigateway-read-account-throttle', () => {
  it('readAccountThrottle() reads rate and burst in one call', async () => {
    const { server, readAccountThrottle } = await start();

    expect(await readAccountThrottle()).toEqual({ rateRps: 10_000, burst: 5_000 });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /account']);
  });

  it.each([
    [{ rateLimit: 8_000.5 }, { rateRps: 8_000.5, burst: null }],
    [{ burstLimit: 4_000 }, { rateRps: null, burst: 4_000 }],
    [{}, { rateRps: null, burst: null }],
  ])('readAccountThrottle() has no number where the account has none: %j', async (settings, numbers) => {
    const { readAccountThrottle } = await start(settings);

    expect(await readAccountThrottle()).toEqual(numbers);
  });

  it.each([
    [403, 'AccessDeniedException'],
    [429, 'TooManyRequestsException'],
    [503, 'ServiceUnavailableException'],
  ])('readAccountThrottle() throws for %d %s, by that name', async (status, name) => {
    const { server, readAccountThrottle } = await start();
    server.answerOnce(() => apiGatewayError(status, name));

    await expect(readAccountThrottle()).rejects.toMatchObject({ name });
  });

  it('readAccountThrottle() throws if nobody answers', async () => {
    const { server, readAccountThrottle } = await start();
    server.answerOnce(() => 'reset');

    await expect(readAccountThrottle()).rejects.toThrow();
  });
});
