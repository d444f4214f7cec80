import { setTimeout } from 'node:timers/promises';
import picocolors from 'picocolors';
import { explainAwsError } from '#cli/aws-errors.ts';
import type { CommandContext } from '#cli/commands/context.ts';
import { UsageError } from '#cli/errors.ts';
import { MUTE_PERMISSIONS, type MuteStack, openMuteStack, type StackRequest } from '#cli/mutes/mute-stack.ts';
import { endedMuteJson, mutesJson } from '#cli/mutes/report.ts';
import { renderEndedMute, renderMutes } from '#cli/render/mutes-text.ts';
import { updateMutes } from '#shared/application/update-mutes.ts';
import { endMute, isActiveMute, type Mute } from '#shared/domain/incidents/mute.ts';

/** What was asked for. */
export type MutesRequest = StackRequest & {
  /** The mute to end; `null` to list them. */
  readonly endId: string | null;
};

async function end({ mutes, now, name, region }: MuteStack, id: string): Promise<Mute> {
  const nowMs = now().getTime();
  let isActive = false;
  const after = await updateMutes(mutes, setTimeout, (before) => {
    const changed = endMute(before, id, nowMs);
    isActive = changed !== before;
    return changed;
  });
  const ended = after.find((mute) => mute.id === id);
  if (!isActive || ended === undefined)
    throw new UsageError(
      `No active mute of stack ${name} in ${region} is called ${id}: gatewatch mutes lists them`,
    );
  return ended;
}

async function run(context: CommandContext, { endId, isJson, ...request }: MutesRequest): Promise<void> {
  const stack = await openMuteStack({ ...request, isJson });
  const style = { colors: picocolors.createColors(context.hasColors), columns: context.columns };
  const print = (document: () => object, text: () => string): unknown =>
    context.stdout.write(isJson ? `${JSON.stringify(document(), null, 2)}\n` : text());
  if (endId !== null) {
    const ended = await end(stack, endId);
    print(
      () => endedMuteJson(stack, ended),
      () => renderEndedMute(stack, ended),
    );
    return;
  }
  const nowMs = stack.now().getTime();
  const active = (await stack.mutes.read()).mutes.filter((mute) => isActiveMute(mute, nowMs));
  print(
    () => mutesJson(stack, active),
    () => renderMutes(stack, active, style),
  );
}

/**
 * Runs `gatewatch mutes` against AWS.
 *
 * @throws {UsageError} In words that say what to do, if there is no such mute or AWS cannot be asked
 */
export async function runMutes(context: CommandContext, request: MutesRequest): Promise<void> {
  try {
    await run(context, request);
  } catch (error) {
    throw explainAwsError(error, MUTE_PERMISSIONS);
  }
}
