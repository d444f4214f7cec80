import * as v from 'valibot';
import { parseEnvironment, Text } from '#shared/config/environment.ts';

const Schema = v.object({
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_NAME: Text,
  /** Takes pointers to what can never be sent. */
  DEAD_LETTERS_URL: Text,
  LEDGER_TABLE_NAME: Text,
});

/**
 * Reads the variables of this function.
 *
 * @throws {EnvironmentError} Naming every variable that is missing or wrong
 */
export function readEnvironment(env: NodeJS.ProcessEnv): v.InferOutput<typeof Schema> {
  return parseEnvironment(Schema, env);
}
