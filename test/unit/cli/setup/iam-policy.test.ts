import { describe, expect, it } from 'vitest';
import { setupPolicy } from '#cli/setup/iam-policy.ts';

type Policy = {
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
};

function statements(region: string | undefined): Policy['Statement'] {
  return (setupPolicy(region, 'gatewatch-prod') as Policy).Statement;
}

describe('setupPolicy()', () => {
  it('setupPolicy() lets a dry run only read', () => {
    const actions = statements('eu-west-1')
      .filter(({ Sid }) => Sid.startsWith('DryRun'))
      .flatMap(({ Action }) => Action);

    expect(actions.length).toBeGreaterThan(3);
    for (const action of actions) expect(action).toMatch(/:(GET|Get|Describe)[A-Za-z]*$/);
  });

  it('setupPolicy() never lets a stage be changed, nor anything with a wildcard', () => {
    const actions = statements('eu-west-1').flatMap(({ Action }) => Action);

    expect(actions.filter((action) => action.startsWith('apigateway:'))).toEqual(['apigateway:GET']);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it.each([
    ['eu-west-1', 'arn:aws:apigateway:eu-west-1::/restapis'],
    ['cn-north-1', 'arn:aws-cn:apigateway:cn-north-1::/restapis'],
    ['us-gov-west-1', 'arn:aws-us-gov:apigateway:us-gov-west-1::/restapis'],
    ['us-iso-east-1', 'arn:aws-iso:apigateway:us-iso-east-1::/restapis'],
    ['us-isob-east-1', 'arn:aws-iso-b:apigateway:us-isob-east-1::/restapis'],
    ['us-isof-south-1', 'arn:aws-iso-f:apigateway:us-isof-south-1::/restapis'],
    ['eu-isoe-west-1', 'arn:aws-iso-e:apigateway:eu-isoe-west-1::/restapis'],
    ['eusc-de-east-1', 'arn:aws-eusc:apigateway:eusc-de-east-1::/restapis'],
    [undefined, 'arn:aws:apigateway:*::/restapis'],
  ])('setupPolicy() names the partition of Region %s', (region, arn) => {
    expect(statements(region)[0]?.Resource).toContain(arn);
  });
});
