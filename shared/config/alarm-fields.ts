import * as v from 'valibot';
import { ALARM_STATES } from '#shared/domain/alarms/alarm-change.ts';

/** An alarm's message that is not what its type says; the text names the field, never what is in it. */
export class AlarmEventError extends Error {
  override readonly name = 'AlarmEventError';
}

/** `2019-10-02T17:04:40.989+0000` in epoch milliseconds. Its offset lacks the colon that ISO 8601 wants in this form. */
function parseTime(text: string): number {
  const [, time, hours, minutes] = /^([\dT:.-]+)([+-]\d\d):?(\d\d)$/.exec(text) ?? [];
  return Date.parse(time === undefined ? text : `${time}${hours}:${minutes}`);
}

/** A time of CloudWatch's, which becomes epoch milliseconds. */
export const Time = v.pipe(
  v.string(),
  v.transform(parseTime),
  v.check((ms) => Number.isFinite(ms), 'is no time'),
);

export const State = v.picklist(ALARM_STATES);

/** The name of an alarm, which CloudWatch limits. @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html} */
export const Name = v.pipe(v.string(), v.nonEmpty('is empty'), v.maxLength(255, 'is too long'));

/** A text that says nothing where it is missing. */
export const OptionalText = v.nullish(v.string(), '');

/** Region and account of an alarm. */
export const AlarmArn = v.pipe(
  v.string(),
  v.regex(/^arn:[\w-]+:cloudwatch:[a-z\d-]+:\d+:alarm:/, 'is not the ARN of an alarm'),
);

/** @param arn - As {@link AlarmArn} has checked it */
export function ownerOf(arn: string): { readonly region: string; readonly accountId: string } {
  const [, , , region = '', accountId = ''] = arn.split(':');
  return { region, accountId };
}

/** What the library itself says of a wrong type repeats what it got. */
function problemOf({ kind, received, expected, message }: v.BaseIssue<unknown>): string {
  if (received === 'undefined') return 'is missing';
  return kind === 'schema' ? `is not ${expected}` : message;
}

/**
 * Checks what came from outside.
 *
 * @throws {AlarmEventError} Naming the first field that is wrong
 */
export function parseFields<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  input: unknown,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new AlarmEventError(`Alarm event: ${v.getDotPath(issue) ?? 'all of it'} ${problemOf(issue)}`);
}
