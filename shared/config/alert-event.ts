import type { EventBridgeEvent } from 'aws-lambda';
import * as v from 'valibot';
import type { AlertEvent } from '#shared/application/ports.ts';
import type { EvaluationCompleted, Finding } from '#shared/domain/detection/finding.ts';

const IsoTime = v.pipe(v.string(), v.isoTimestamp());
const ScopeSchema = v.looseObject({ accountId: v.string(), region: v.string() });

const FindingSchema = v.looseObject({
  schemaVersion: v.literal(1),
  id: v.pipe(v.string(), v.nonEmpty()),
  startedAt: IsoTime,
  observedAt: IsoTime,
  lastBadAt: IsoTime,
  kind: v.string(),
  evaluator: v.string(),
  severity: v.picklist(['info', 'warning', 'critical']),
  status: v.picklist(['open', 'cleared']),
  scope: ScopeSchema,
  title: v.string(),
  evidence: v.array(v.object({ label: v.string(), value: v.string() })),
  links: v.array(v.object({ label: v.string(), url: v.string() })),
  nextStep: v.string(),
});

const FindingsSchema = v.looseObject({ schemaVersion: v.literal(1), findings: v.array(FindingSchema) });

const CompletedSchema = v.looseObject({
  schemaVersion: v.literal(1),
  evaluator: v.string(),
  scope: ScopeSchema,
  through: IsoTime,
  openFindingIds: v.array(v.string()),
});

const RedrivenSchema = v.looseObject({
  schemaVersion: v.literal(1),
  receiver: v.pipe(v.string(), v.nonEmpty()),
  storyKey: v.pipe(v.string(), v.nonEmpty()),
  incidentId: v.pipe(v.string(), v.nonEmpty()),
});

/** An event on the bus that is not what its type says. */
export class AlertEventError extends Error {
  override readonly name = 'AlertEventError';
}

/** What should stand there; not what does, since nobody knows what that is. */
function problemOf({ expected, type }: v.BaseIssue<unknown>): string {
  return expected === null ? `is no ${type.replaceAll('_', ' ')}` : `is not ${expected}`;
}

function check(schema: v.GenericSchema, type: string, detail: unknown): void {
  const result = v.safeParse(schema, detail);
  if (result.success) return;
  const [issue] = result.issues;
  throw new AlertEventError(`Event ${type}: ${v.getDotPath(issue) ?? 'detail'} ${problemOf(issue)}`);
}

/**
 * Reads an event of Gatewatch's bus, of `gatewatch redrive`, or of the schedule, whose input is a constant.
 *
 * @throws {AlertEventError} If its type or a field is not as published; the message names the field
 */
export function parseAlertEvent(event: EventBridgeEvent<string, unknown>): AlertEvent {
  const type = event['detail-type'];
  if (type === 'findings') {
    check(FindingsSchema, type, event.detail);
    return { type, findings: (event.detail as { findings: Finding[] }).findings };
  }
  if (type === 'evaluation.completed') {
    check(CompletedSchema, type, event.detail);
    return { type, completed: event.detail as EvaluationCompleted };
  }
  if (type === 'delivery.redriven') {
    check(RedrivenSchema, type, event.detail);
    const { receiver, storyKey, incidentId } = event.detail as v.InferOutput<typeof RedrivenSchema>;
    return { type, receiver, storyKey, incidentId };
  }
  if (type === 'sweep') return { type };
  throw new AlertEventError(`Event of unknown type ${String(type).slice(0, 50)}`);
}

/** True for what the hourly schedule asks for: to look whether the receivers could be told something. */
export function isHeartbeat(event: object): boolean {
  return 'detail-type' in event && event['detail-type'] === 'heartbeat';
}
