import * as v from 'valibot';
import { parseEnvironment, Text } from '#shared/config/environment.ts';

const Schema = v.object({
  /** Takes every line of access logs. */
  ACCESS_LOGS_FUNCTION_ARN: Text,
  /** Takes the telling lines of execution logs. */
  EXECUTION_LOGS_FUNCTION_ARN: Text,
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_NAME: Text,
  INVENTORY_TABLE_NAME: Text,
  /** How the names of the stack's own log groups begin, which are never subscribed. */
  OWN_LOG_GROUP_PREFIX: Text,
  /** The filters are named after it. */
  STACK_NAME: Text,
  /** `manual` keeps the inventory only. */
  SUBSCRIBE_MODE: v.picklist(['auto', 'manual'], 'is neither auto nor manual'),
});

/**
 * Reads the variables of this function.
 *
 * @throws {EnvironmentError} Naming every variable that is missing or wrong
 */
export function readEnvironment(env: NodeJS.ProcessEnv): v.InferOutput<typeof Schema> {
  return parseEnvironment(Schema, env);
}
