import { describe, expect, it } from 'vitest';
import type { RawReply } from '#test/e2e/gateway/raw-request.ts';
import { answerServiceQuotas } from '#test/e2e/gateway/service-quotas.ts';

function ask(operation: string, body: object): { status: number; body: unknown } {
  const reply: RawReply = answerServiceQuotas({
    method: 'POST',
    path: '/',
    headers: { 'x-amz-target': `ServiceQuotasV20190624.${operation}` },
    body: Buffer.from(JSON.stringify(body)),
  });
  if (typeof reply === 'string') throw new Error('no answer');
  return { status: reply.status, body: JSON.parse(reply.body.toString('utf8')) };
}

describe('answerServiceQuotas()', () => {
  it('answerServiceQuotas() tells the account throttle', () => {
    expect(ask('GetServiceQuota', { ServiceCode: 'apigateway', QuotaCode: 'L-8A5B8E43' })).toMatchObject({
      status: 200,
      body: { Quota: { QuotaCode: 'L-8A5B8E43', Value: 10_000 } },
    });
  });

  it.each([
    [
      'another quota',
      'GetServiceQuota',
      { ServiceCode: 'apigateway', QuotaCode: 'L-0' },
      'NoSuchResourceException',
    ],
    ['another operation', 'ListServiceQuotas', { ServiceCode: 'apigateway' }, 'UnknownOperationException'],
  ])('answerServiceQuotas() refuses %s', (_, operation, body, code) => {
    expect(ask(operation, body)).toMatchObject({ status: 400, body: { __type: code } });
  });
});
