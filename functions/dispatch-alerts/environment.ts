import * as v from 'valibot';
import { parseEnvironment, Text } from '#shared/config/environment.ts';

const Names = v.pipe(
  v.optional(v.string(), ''),
  v.transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
);

const Schema = v.object({
  /** The account that this stack watches. */
  ACCOUNT_ID: Text,
  /** Alarms of CloudWatch to tell of besides those about API Gateway, with commas between; `*` stands for anything. */
  ALARM_NAMES: Names,
  ALERT_TOPIC_ARN: Text,
  /** Set by Lambda. */
  AWS_LAMBDA_FUNCTION_NAME: Text,
  /** Set by Lambda. */
  AWS_REGION: Text,
  INCIDENTS_TABLE_NAME: Text,
  /** Name of the SecureString that holds the address of the incoming webhook; empty to post to SNS only. */
  SLACK_WEBHOOK_PARAMETER: v.optional(v.string(), ''),
  /** The names of Gatewatch's own alarms begin with it. */
  STACK_NAME: Text,
});

/**
 * Reads the variables of this function.
 *
 * @throws {EnvironmentError} Naming every variable that is missing or wrong
 */
export function readEnvironment(env: NodeJS.ProcessEnv): v.InferOutput<typeof Schema> {
  return parseEnvironment(Schema, env);
}
