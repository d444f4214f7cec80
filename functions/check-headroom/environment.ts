import * as v from 'valibot';
import {
  OptionalPositiveNumber,
  PositiveNumber,
  parseEnvironment,
  Text,
} from '#shared/config/environment.ts';

const Schema = v.object({
  ACCOUNT_ID: Text,
  /** Set by Lambda, as the Region is. */
  AWS_LAMBDA_FUNCTION_NAME: Text,
  AWS_REGION: Text,
  EVALUATIONS_TABLE_NAME: Text,
  EVENT_BUS_NAME: Text,
  INVENTORY_TABLE_NAME: Text,
  /** Requests per second; empty for what AWS says. */
  QUOTA_RPS: OptionalPositiveNumber,
  /** Requests; empty for what AWS says. */
  QUOTA_BURST: OptionalPositiveNumber,
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
