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

const OptionalText = v.optional(v.string(), '');
const MinSeverity = v.optional(
  v.picklist(['warning', 'critical'], 'is neither warning nor critical'),
  'warning',
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
  /** The queue of what a receiver will never take. */
  DEAD_LETTERS_URL: Text,
  INCIDENTS_TABLE_NAME: Text,
  /** Address at which docs/runbook.md can be read; empty for no links to it. */
  RUNBOOK_URL: OptionalText,
  /** Where Slack's methods are; empty for slack.com. */
  SLACK_API_URL: OptionalText,
  /** Id of the channel that the bot posts to. */
  SLACK_CHANNEL: OptionalText,
  /** Who is called when something critical begins, such as `<!here>`; empty for nobody. */
  SLACK_MENTION: OptionalText,
  /** What was never this bad is not told. */
  SLACK_MIN_SEVERITY: MinSeverity,
  /** Name of the parameter in SSM that holds the bot's token; empty for no bot. */
  SLACK_TOKEN_PARAMETER: OptionalText,
  /** Name of the parameter in SSM that holds the address of the incoming webhook; empty for none. */
  SLACK_WEBHOOK_PARAMETER: OptionalText,
  SNS_MIN_SEVERITY: MinSeverity,
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
