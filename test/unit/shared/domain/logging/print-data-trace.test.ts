import { describe, expect, it } from 'vitest';
import { printDataTraceOff } from '#shared/domain/logging/print-data-trace.ts';

describe('printDataTraceOff()', () => {
  it('printDataTraceOff() patches a REST stage for all methods', () => {
    expect(printDataTraceOff({ apiId: 'a1', apiType: 'REST', stage: 'prod' }, 'eu-west-1')).toBe(
      "aws apigateway update-stage --region 'eu-west-1' --stage-name 'prod' --rest-api-id 'a1' --patch-operations 'op=replace,path=/*/*/logging/dataTrace,value=false'",
    );
  });

  it('printDataTraceOff() sets the default of a WebSocket stage', () => {
    expect(printDataTraceOff({ apiId: 'w1', apiType: 'WEBSOCKET', stage: 'prod' }, 'eu-west-1')).toBe(
      "aws apigatewayv2 update-stage --region 'eu-west-1' --stage-name 'prod' --api-id 'w1' --default-route-settings DataTraceEnabled=false",
    );
  });

  it('printDataTraceOff() lets no name out of its quotes', () => {
    const command = printDataTraceOff({ apiId: 'a1', apiType: 'REST', stage: "x'; rm -rf ~ #" }, 'eu-west-1');

    expect(command).toContain(`--stage-name 'x'\\''; rm -rf ~ #' `);
  });
});
