import { jsonAnswer, jsonRefusal, type RawReply, type RawRequest } from '#test/e2e/gateway/raw-request.ts';

/**
 * The account throttle of API Gateway, which is what Gatewatch may ask for.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html}
 */
const QUOTAS = [
  {
    ServiceCode: 'apigateway',
    ServiceName: 'Amazon API Gateway',
    QuotaArn: 'arn:aws:servicequotas:us-east-1:000000000000:apigateway/L-8A5B8E43',
    QuotaCode: 'L-8A5B8E43',
    QuotaName: 'Throttle rate',
    Value: 10_000,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
  },
];

/**
 * Answers as Service Quotas does, for the quotas of API Gateway.
 *
 * @see {@link https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html}
 */
export function answerServiceQuotas({ headers, body }: RawRequest): RawReply {
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
  if (operation !== 'GetServiceQuota' && operation !== 'GetAWSDefaultServiceQuota') {
    return jsonRefusal(400, 'UnknownOperationException', `The test gateway does not know ${operation}`);
  }
  const { ServiceCode, QuotaCode } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const Quota = QUOTAS.find((quota) => quota.ServiceCode === ServiceCode && quota.QuotaCode === QuotaCode);
  if (Quota === undefined) return jsonRefusal(400, 'NoSuchResourceException', 'The quota does not exist.');
  return jsonAnswer(200, { Quota }, '1.1');
}
