import {
  GetServiceQuotaCommand,
  NoSuchResourceException,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { ReadQuotaNumbers } from '#shared/application/ports.ts';

const SERVICE_CODE = 'apigateway';

/** "Throttle rate", requests per second. */
const RATE_CODE = 'L-8A5B8E43';

/** "Throttle burst rate". AWS's pages do not name it, so it may not be there in every Region. */
const BURST_CODE = 'L-CDF5615A';

/** A quota that is listed and could not be looked up: its value is then 0, and means nothing. */
class QuotaNotReadError extends Error {
  override readonly name = 'QuotaNotReadError';
}

async function readQuota(client: ServiceQuotasClient, QuotaCode: string): Promise<number | null> {
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: SERVICE_CODE, QuotaCode }));
    if (Quota?.ErrorReason !== undefined) {
      throw new QuotaNotReadError(`${QuotaCode}: ${Quota.ErrorReason.ErrorCode ?? 'no reason given'}`);
    }
    return Quota?.Value ?? null;
  } catch (error) {
    // Not applied to this account: the default of AWS holds, which is known without asking.
    if (error instanceof NoSuchResourceException) return null;
    throw error;
  }
}

/**
 * Reads the account's throttle as Service Quotas has it.
 *
 * @see {@link https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html}
 */
export function createReadThrottleQuotas(client: ServiceQuotasClient): ReadQuotaNumbers {
  return async () => {
    const [rateRps, burst] = await Promise.all([readQuota(client, RATE_CODE), readQuota(client, BURST_CODE)]);
    return { rateRps, burst };
  };
}
