import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { UsageError } from '#cli/errors.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { applyFinding, type Incident } from '#shared/domain/incidents/incident.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';

/** What is read of a stored finding or incident; the rest comes along unchecked and is shown nowhere. */
const IsoTime = v.pipe(v.string(), v.isoTimestamp());
const Severity = v.picklist(['info', 'warning', 'critical']);
const Scope = v.looseObject({ accountId: v.string(), region: v.string() });

const FindingSchema = v.looseObject({
  id: v.string(),
  kind: v.string(),
  evaluator: v.string(),
  severity: Severity,
  status: v.picklist(['open', 'cleared']),
  scope: Scope,
  startedAt: IsoTime,
  observedAt: IsoTime,
  lastBadAt: IsoTime,
  dataDelaySeconds: v.number(),
  value: v.number(),
  title: v.string(),
  evidence: v.array(v.object({ label: v.string(), value: v.string() })),
  links: v.array(v.object({ label: v.string(), url: v.string() })),
  nextStep: v.string(),
  cause: v.optional(v.nullable(v.string()), null),
});

const IncidentSchema = v.looseObject({
  id: v.string(),
  story: v.object({ kind: v.string(), key: v.string() }),
  scope: Scope,
  status: v.picklist(['open', 'closed', 'merged']),
  severity: Severity,
  openedAt: IsoTime,
  closedAt: v.nullable(IsoTime),
  mergedInto: v.optional(v.nullable(v.string()), null),
  findings: v.array(FindingSchema),
  leftOutIds: v.optional(v.array(v.string()), []),
  version: v.optional(v.number(), 1),
  unknownSince: v.optional(v.nullable(IsoTime), null),
  heldBackBy: v.optional(v.nullable(v.string()), null),
});

/** A table's item as `aws dynamodb get-item` prints it holds the document as text. */
const ItemSchema = v.looseObject({ document: v.looseObject({ S: v.string() }) });

function fromFinding(finding: Finding, where: string): Incident {
  const incident = applyFinding(null, storyOf(finding), { ...finding, status: 'open' });
  if (incident === null) throw new UsageError(`${where}: a finding of severity info opens no incident`);
  return finding.status === 'open' ? incident : (applyFinding(incident, incident.story, finding) ?? incident);
}

function problemOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue === undefined ? 'is not as expected' : `${v.getDotPath(issue) ?? 'value'}: ${issue.message}`;
}

/** Tells what a value is by what it has. @throws {UsageError} If it is neither */
function readOne(value: unknown, where: string): Incident {
  const item = v.safeParse(ItemSchema, value);
  if (item.success) return readOne(parseJson(item.output.document.S, where), where);
  if (typeof value === 'object' && value !== null && 'findings' in value) {
    const result = v.safeParse(IncidentSchema, value);
    if (!result.success) throw new UsageError(`${where} is no incident: ${problemOf(result.issues)}`);
    return { ...result.output, deliveries: {} } as unknown as Incident;
  }
  const result = v.safeParse(FindingSchema, value);
  if (!result.success) {
    throw new UsageError(`${where} is neither an incident nor a finding: ${problemOf(result.issues)}`);
  }
  return fromFinding(result.output as unknown as Finding, where);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${where} is no JSON`);
  }
}

/** The items of an answer of `aws dynamodb`, else the value itself. */
function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const { Item, Items } = (value ?? {}) as { readonly Item?: unknown; readonly Items?: unknown };
  if (Array.isArray(Items)) return Items;
  return [Item ?? value];
}

/**
 * Reads incidents or findings, one or a list, as they are stored or exported.
 *
 * @throws {UsageError} If the file cannot be read or holds something else
 */
export async function readIncidents(path: string): Promise<Incident[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  const items = itemsOf(parseJson(text, path));
  return items.map((item, index) => readOne(item, items.length === 1 ? path : `${path}, item ${index + 1}`));
}
