import type { Scope } from '#shared/domain/detection/finding.ts';
import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** What is known of a stage's logging of bodies in one minute, from its settings, from its execution log, or both. */
export type BodyLogging = {
  /** Whether its settings say so; `null` where nobody has looked. */
  readonly isConfigured: boolean | null;
  /** Lines with a body, headers or a query string in its execution log: their number, never their text. */
  readonly linesSeen: number;
};

/**
 * Whether a stage's settings make it log bodies: data trace, which does nothing while execution logs are off.
 *
 * @returns `null` where nobody has looked
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 */
export function isBodyLoggingConfigured({
  logsBodies,
  executionLogLevel,
}: Pick<InventoryItem, 'logsBodies' | 'executionLogLevel'>): boolean | null {
  if (logsBodies === false || executionLogLevel === 'OFF') return false;
  return logsBodies === undefined || executionLogLevel === undefined ? null : true;
}

/** A stage of whose execution log a line with bodies was seen: whatever its settings are now, they were on. */
export function withSeenBodies(item: InventoryItem): InventoryItem {
  const { executionLogLevel: level = 'OFF' } = item;
  return { ...item, logsBodies: true, executionLogLevel: level === 'OFF' ? 'INFO' : level };
}

/**
 * Judges one minute of one stage. Settings alone are evidence that it is over; that no such line was seen is none, since a
 * stage may have no traffic.
 *
 * @returns `null` where nothing is known
 */
export function judgeBodyLogging(scope: Scope, { isConfigured, linesSeen }: BodyLogging): Judgement | null {
  const isBad = isConfigured === true || linesSeen > 0;
  if (!isBad && isConfigured === null) return null;
  return {
    kind: 'logging.bodies',
    scope,
    verdict: isBad ? 'breach' : 'clean',
    severity: 'warning',
    latest: {},
    sums: { linesSeen },
    peaks: {},
  };
}
