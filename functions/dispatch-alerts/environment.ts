import * as v from 'valibot';
import { parseEnvironment, Text } from '#shared/config/environment.ts';

const Schema = v.object({
  /** The account that this stack watches. */
  ACCOUNT_ID: Text,
  ALERT_TOPIC_ARN: Text,
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_NAME: Text,
  /** Set by Lambda. */
  AWS_REGION: Text,
  INCIDENTS_TABLE_NAME: Text,
  /** Name of the SecureString that holds the address of the incoming webhook; empty to post to SNS only. */
  SLACK_WEBHOOK_PARAMETER: v.optional(v.string(), ''),
});

/**
 * Reads the variables of this function.
 *
 * @throws {EnvironmentError} Naming every variable that is missing or wrong
 */
export function readEnvironment(env: NodeJS.ProcessEnv): v.InferOutput<typeof Schema> {
  return parseEnvironment(Schema, env);
}
