import { GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPaceCalls } from '#shared/adapters/pace-calls.ts';
import { type ApiGatewayServer, apiGatewayError, startApiGateway } from '#test/fakes/apigateway-server.ts';
import { startCloudWatchLogs } from '#test/fakes/cloudwatch-logs-server.ts';
import { createLogGroupStore } from '#test/fakes/log-group-store.ts';

const START_MS = 1_000_000;

describe('paceCalls()', () => {
  let server: ApiGatewayServer;
  let nowMs: number;
  let startsMs: number[];
  let pace: ReturnType<typeof createPaceCalls>;

  beforeEach(async () => {
    nowMs = START_MS;
    startsMs = [];
    server = await startApiGateway({ restApis: [], v2Apis: [] });
    pace = createPaceCalls({
      callsPerSecond: 2,
      now: () => new Date(nowMs),
      wait: async (milliseconds) => {
        startsMs.push(nowMs + milliseconds);
      },
    });
  });

  afterEach(() => server.stop());

  it('lets the first call go at once, and those that come with it at their distance', async () => {
    const rest = pace(server.createClients().rest);

    await Promise.all([1, 2, 3, 4].map(() => rest.send(new GetRestApisCommand())));

    expect(startsMs).toEqual([START_MS + 500, START_MS + 1_000, START_MS + 1_500]);
    expect(server.requests).toHaveLength(4);
  });

  it('keeps different clients at one pace', async () => {
    const clients = server.createClients();
    const rest = pace(clients.rest);
    const v2 = pace(clients.v2);

    await rest.send(new GetRestApisCommand());
    await v2.send(new GetApisCommand());
    await rest.send(new GetRestApisCommand());

    expect(startsMs).toEqual([START_MS + 500, START_MS + 1_000]);
  });

  it('takes a turn for every repeated attempt', async () => {
    const rest = pace(server.createClients(3).rest);
    server.answerOnce(() => apiGatewayError(429, 'TooManyRequestsException'));

    await rest.send(new GetRestApisCommand());

    expect(server.requests).toHaveLength(2);
    expect(startsMs).toEqual([START_MS + 500]);
  });

  it('makes nobody wait who comes later than the distance, and saves up no turns', async () => {
    const rest = pace(server.createClients().rest);
    await rest.send(new GetRestApisCommand());
    nowMs += 10_000;

    await rest.send(new GetRestApisCommand());
    await rest.send(new GetRestApisCommand());

    expect(startsMs).toEqual([START_MS + 10_500]);
  });

  it('paces the client of CloudWatch Logs as well', async () => {
    const logsServer = await startCloudWatchLogs(createLogGroupStore(), []);
    const logs = pace(logsServer.createClient());

    await logs.send(new DescribeLogGroupsCommand());
    await logs.send(new DescribeLogGroupsCommand());
    await logsServer.stop();

    expect(startsMs).toEqual([START_MS + 500]);
  });
});
