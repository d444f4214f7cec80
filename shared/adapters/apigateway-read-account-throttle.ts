import { type APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import type { ReadQuotaNumbers } from '#shared/application/ports.ts';

/**
 * Reads the account's throttle as API Gateway itself applies it.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/api/API_GetAccount.html}
 */
export function createReadAccountThrottle(client: APIGatewayClient): ReadQuotaNumbers {
  return async () => {
    const { throttleSettings } = await client.send(new GetAccountCommand());
    return { rateRps: throttleSettings?.rateLimit ?? null, burst: throttleSettings?.burstLimit ?? null };
  };
}
