import * as v from 'valibot';
import { parseEnvironment, Text } from '#shared/config/environment.ts';

const Schema = v.object({
  /** The account whose logs are counted; envelopes of any other are refused. */
  ACCOUNT_ID: Text,
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_NAME: Text,
  /** Takes pointers to what can never be counted. */
  DEAD_LETTERS_URL: Text,
  INVENTORY_TABLE_NAME: Text,
  LEDGER_TABLE_NAME: Text,
  /** Of Gatewatch's own log groups, which must not feed it. */
  OWN_LOG_GROUP_PREFIX: Text,
  /** Takes calls that CloudWatch has no room for. */
  PARKED_METRICS_URL: Text,
});

/**
 * Reads the variables of this function.
 *
 * @throws {EnvironmentError} Naming every variable that is missing or wrong
 */
export function readEnvironment(env: NodeJS.ProcessEnv): v.InferOutput<typeof Schema> {
  return parseEnvironment(Schema, env);
}
