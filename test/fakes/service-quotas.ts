import { jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import type { ReceivedRequest, Reply } from '#test/fakes/http-server.ts';

/** Values by their codes. */
export type QuotaValues = Readonly<Record<string, number>>;

/** The account throttle of API Gateway, rate and burst, as it is by default. */
export const THROTTLE_QUOTAS: QuotaValues = { 'L-8A5B8E43': 10_000, 'L-CDF5615A': 5_000 };

const NAMES: Readonly<Record<string, string>> = {
  'L-8A5B8E43': 'Throttle rate',
  'L-CDF5615A': 'Throttle burst rate',
};

function quotaOf(code: string, value: number) {
  return {
    ServiceCode: 'apigateway',
    ServiceName: 'Amazon API Gateway',
    QuotaArn: `arn:aws:servicequotas:us-east-1:000000000000:apigateway/${code}`,
    QuotaCode: code,
    QuotaName: NAMES[code] ?? code,
    Value: value,
    Unit: 'None',
    Adjustable: code === 'L-8A5B8E43',
    GlobalQuota: false,
  };
}

/**
 * Answers as Service Quotas does, for the quotas of API Gateway.
 *
 * @see {@link https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html}
 */
export function answerServiceQuotas(
  { headers, body }: Pick<ReceivedRequest, 'headers' | 'body'>,
  values: QuotaValues = THROTTLE_QUOTAS,
): Reply {
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
  if (operation !== 'GetServiceQuota') {
    return jsonError(400, 'UnknownOperationException', `Service Quotas does not know ${operation} here`);
  }
  const { ServiceCode, QuotaCode } = JSON.parse(body) as Record<string, unknown>;
  const value = ServiceCode === 'apigateway' ? values[String(QuotaCode)] : undefined;
  if (value === undefined) return jsonError(400, 'NoSuchResourceException', 'The quota does not exist.');
  return jsonReply({ Quota: quotaOf(String(QuotaCode), value) });
}
