import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import picocolors from 'picocolors';
import { explainAwsError } from '#cli/aws-errors.ts';
import type { CommandContext } from '#cli/commands/context.ts';
import { UsageError } from '#cli/errors.ts';
import { MUTE_PERMISSIONS, type MuteStack, openMuteStack, type StackRequest } from '#cli/mutes/mute-stack.ts';
import { newMuteJson } from '#cli/mutes/report.ts';
import { renderNewMute } from '#cli/render/mutes-text.ts';
import { userName } from '#cli/user-name.ts';
import { updateMutes } from '#shared/application/update-mutes.ts';
import { addMute, MAX_MUTE_MS, type Mute, type MuteMatch } from '#shared/domain/incidents/mute.ts';
import { previewMute } from '#shared/domain/incidents/preview-mute.ts';

/** What was asked for. */
export type MuteRequest = StackRequest & {
  readonly match: MuteMatch;
  readonly reason: string;
  /** How long, or until when; epoch milliseconds. */
  readonly end: { readonly forMs: number } | { readonly untilMs: number };
};

/** Short enough to be typed; of 200 mutes no two will share it. */
const ID_LENGTH = 8;

function createMute({ match, reason, end }: MuteRequest, nowMs: number): Mute {
  const untilMs = 'forMs' in end ? nowMs + end.forMs : end.untilMs;
  if (untilMs <= nowMs) throw new UsageError(`--until ${new Date(untilMs).toISOString()} is over`);
  if (untilMs - nowMs > MAX_MUTE_MS) throw new UsageError('A mute lasts 30 days at most');
  return {
    schemaVersion: 1,
    id: randomUUID().slice(0, ID_LENGTH),
    match,
    reason,
    createdBy: userName(),
    createdAtMs: nowMs,
    untilMs,
    endedAtMs: null,
    heldBack: { count: 0, incidents: [] },
  };
}

async function add({ mutes }: MuteStack, mute: Mute): Promise<readonly Mute[]> {
  try {
    return await updateMutes(mutes, setTimeout, (before) => addMute(before, mute));
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message, { cause: error }) : error;
  }
}

async function mute(context: CommandContext, request: MuteRequest): Promise<void> {
  const stack = await openMuteStack(request);
  const nowMs = stack.now().getTime();
  const added = createMute(request, nowMs);
  const mutes = await add(stack, added);
  const preview = previewMute(added, mutes, await stack.incidents.listActive(), nowMs);
  const style = { colors: picocolors.createColors(context.hasColors), columns: context.columns };
  context.stdout.write(
    request.isJson
      ? `${JSON.stringify(newMuteJson(stack, added, preview), null, 2)}\n`
      : renderNewMute(stack, added, preview, request.given, style),
  );
}

/**
 * Runs `gatewatch mute` against AWS.
 *
 * @throws {UsageError} In words that say what to do, if the mute cannot be or AWS cannot be asked
 */
export async function runMute(context: CommandContext, request: MuteRequest): Promise<void> {
  try {
    await mute(context, request);
  } catch (error) {
    throw explainAwsError(error, MUTE_PERMISSIONS);
  }
}
