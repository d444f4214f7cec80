import * as v from 'valibot';
import { PositiveNumber, parseEnvironment, Ratio, Text } from '#shared/config/environment.ts';

const Schema = v.object({
  ACCOUNT_ID: Text,
  /** The share of requests that must not fail with 5xx. */
  AVAILABILITY_TARGET_RATIO: Ratio,
  /** Set by Lambda, as the Region is. */
  AWS_LAMBDA_FUNCTION_NAME: Text,
  AWS_REGION: Text,
  EVALUATIONS_TABLE_NAME: Text,
  EVENT_BUS_NAME: Text,
  INVENTORY_TABLE_NAME: Text,
  SETTLE_SECONDS: PositiveNumber,
});

/**
 * Reads the variables of this function.
 *
 * @throws {EnvironmentError} Naming every variable that is missing or wrong
 */
export function readEnvironment(env: NodeJS.ProcessEnv): v.InferOutput<typeof Schema> {
  return parseEnvironment(Schema, env);
}
