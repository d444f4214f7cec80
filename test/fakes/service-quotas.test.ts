import { describe, expect, it } from 'vitest';
import type { Reply } from '#test/fakes/http-server.ts';
import { answerServiceQuotas } from '#test/fakes/service-quotas.ts';

function ask(operation: string, body: object): { status: number; body: unknown } {
  const reply: Reply = answerServiceQuotas({
    headers: { 'x-amz-target': `ServiceQuotasV20190624.${operation}` },
    body: JSON.stringify(body),
  });
  if (typeof reply === 'string') throw new Error('no answer');
  return { status: reply.status, body: JSON.parse(reply.body ?? '') };
}

describe('answerServiceQuotas()', () => {
  it.each([
    ['L-8A5B8E43', 10_000],
    ['L-CDF5615A', 5_000],
  ])('answerServiceQuotas() tells the account throttle: %s', (QuotaCode, Value) => {
    expect(ask('GetServiceQuota', { ServiceCode: 'apigateway', QuotaCode })).toMatchObject({
      status: 200,
      body: { Quota: { QuotaCode, Value } },
    });
  });

  it.each([
    ['another quota', 'GetServiceQuota', { ServiceCode: 'apigateway', QuotaCode: 'L-0' }, 'NoSuchResource'],
    ['another service', 'GetServiceQuota', { ServiceCode: 'ec2', QuotaCode: 'L-8A5B8E43' }, 'NoSuchResource'],
    ['another operation', 'ListServiceQuotas', { ServiceCode: 'apigateway' }, 'UnknownOperation'],
  ])('answerServiceQuotas() refuses %s', (_, operation, body, code) => {
    expect(ask(operation, body)).toMatchObject({
      status: 400,
      body: { __type: expect.stringContaining(`${code}Exception`) },
    });
  });
});
