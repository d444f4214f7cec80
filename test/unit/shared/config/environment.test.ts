import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  EnvironmentError,
  OptionalPositiveNumber,
  PositiveNumber,
  parseEnvironment,
  Ratio,
  Text,
} from '#shared/config/environment.ts';

const Schema = v.object({
  TABLE_NAME: Text,
  SETTLE_SECONDS: PositiveNumber,
  TARGET_RATIO: Ratio,
  QUOTA_RPS: OptionalPositiveNumber,
});

const VALID = { TABLE_NAME: 'table', SETTLE_SECONDS: '60', TARGET_RATIO: '0.999', QUOTA_RPS: '2500' };

describe('parseEnvironment()', () => {
  it('parseEnvironment() gives numbers as numbers', () => {
    expect(parseEnvironment(Schema, { ...VALID, OTHER: 'x' })).toEqual({
      TABLE_NAME: 'table',
      SETTLE_SECONDS: 60,
      TARGET_RATIO: 0.999,
      QUOTA_RPS: 2_500,
    });
  });

  it.each([{ QUOTA_RPS: '' }, { QUOTA_RPS: undefined }])(
    'parseEnvironment() takes %o for no number',
    (missing) => {
      expect(parseEnvironment(Schema, { ...VALID, ...missing })['QUOTA_RPS']).toBeNull();
    },
  );

  it('parseEnvironment() names every bad variable at once', () => {
    expect(() => parseEnvironment(Schema, { TARGET_RATIO: '2', QUOTA_RPS: '10' })).toThrow(
      new EnvironmentError(
        'Cannot start: TABLE_NAME is missing, SETTLE_SECONDS is missing, TARGET_RATIO is not below 1',
      ),
    );
  });

  it.each([
    ['TABLE_NAME', '', 'is empty'],
    ['SETTLE_SECONDS', '', 'is empty'],
    ['SETTLE_SECONDS', '0', 'is not above 0'],
    ['SETTLE_SECONDS', '-5', 'is not a number'],
    ['SETTLE_SECONDS', '1e3', 'is not a number'],
    ['TARGET_RATIO', '1', 'is not below 1'],
    ['QUOTA_RPS', 'many', 'QUOTA_RPS'],
  ])('parseEnvironment() refuses %s=%o', (name, value, problem) => {
    expect(() => parseEnvironment(Schema, { ...VALID, [name]: value })).toThrow(problem);
    expect(() => parseEnvironment(Schema, { ...VALID, [name]: value })).toThrow(name);
  });

  it('parseEnvironment() does not repeat a bad value, which may be a secret in the wrong place', () => {
    expect(() => parseEnvironment(Schema, { ...VALID, SETTLE_SECONDS: 'hush' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hush') }),
    );
  });
});
