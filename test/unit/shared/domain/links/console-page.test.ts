import { expect, it } from 'vitest';
import { consolePage } from '#shared/domain/links/console-page.ts';

it.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#x'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#x'],
  [
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#x',
  ],
  ['us-iso-east-1', null],
  ['evil.example/?', null],
])('consolePage() in %s is %s', (region, expected) => {
  expect(consolePage(region, { path: 'cloudwatch/home', fragment: '#x' })).toBe(expected);
});

it('consolePage() leaves out an address that is too long', () => {
  expect(consolePage('eu-west-1', { path: 'x', fragment: `#${'x'.repeat(1_300)}` })).toBeNull();
});
