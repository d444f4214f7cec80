import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { createRestApis } from '#shared/adapters/apigateway-rest.ts';
import { createHttpAndWebSocketApis } from '#shared/adapters/apigateway-v2.ts';
import type { Api, ApiGateway } from '#shared/application/inventory-ports.ts';

/**
 * API Gateway as its two services tell it: one for REST APIs, one for HTTP and WebSocket APIs.
 *
 * @param restClient - Shares one pace with `v2Client`, see `pace-calls.ts`
 * @throws {Error} Each call, if API Gateway refuses it or cannot be reached
 */
export function createApiGateway(restClient: APIGatewayClient, v2Client: ApiGatewayV2Client): ApiGateway {
  const rest = createRestApis(restClient);
  const v2 = createHttpAndWebSocketApis(v2Client);
  const serviceOf = ({ apiType }: Api): ApiGateway => (apiType === 'REST' ? rest : v2);
  return {
    listApis: async () => [...(await rest.listApis()), ...(await v2.listApis())],
    readStages: (api) => serviceOf(api).readStages(api),
    readIntegrationTimeoutMs: (api) => serviceOf(api).readIntegrationTimeoutMs(api),
  };
}
