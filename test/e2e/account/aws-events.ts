import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { e2e } from '#test/e2e/e2e.ts';

/**
 * Puts an event of one of AWS's own services on the default bus: the rules of the account, held against it by the
 * emulator, and their functions, invoked as EventBridge does. The emulator's alarms send no events, and nobody may put
 * one in AWS's name, there as on AWS.
 *
 * @returns The names of the rules that let it through
 */
export async function emitAwsEvent(event: object): Promise<string[]> {
  const { eventBridge, lambda } = e2e.aws.clients;
  const Event = JSON.stringify(event);
  const { Rules = [] } = await eventBridge.send(new ListRulesCommand({}));
  const passed: string[] = [];
  for (const { Name = '', EventPattern } of Rules) {
    if (EventPattern === undefined) continue;
    const { Result } = await eventBridge.send(new TestEventPatternCommand({ EventPattern, Event }));
    if (Result !== true) continue;
    passed.push(Name);
    const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand({ Rule: Name }));
    for (const { Arn: FunctionName } of Targets) {
      await lambda.send(
        new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from(Event) }),
      );
    }
  }
  return passed;
}
