import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { isAtLeast } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { byPriority } from '#shared/domain/incidents/leading-finding.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { renderHeadline, renderText } from '#shared/domain/messages/render-text.ts';

/**
 * A subject is ASCII without line breaks or control characters, below 100 characters, and begins with a letter, number or
 * punctuation mark.
 *
 * @see {@link https://docs.aws.amazon.com/sns/latest/api/API_Publish.html}
 */
const MAX_SUBJECT = 99;

/** Of a message with its attributes and subject, in bytes: 256 KiB. */
const MAX_BYTES = 262_144;

/** Leaves room for what machines read. */
const MAX_MAIL_CHARACTERS = 20_000;
const MAX_TITLE_CHARACTERS = 2_000;
const MAX_ATTRIBUTE_CHARACTERS = 256;

/** What the topic gets of an incident. */
export type SnsMessage = {
  readonly Subject: string;
  readonly MessageStructure: 'json';
  /** JSON with a text for each protocol. */
  readonly Message: string;
  /** For filter policies. */
  readonly MessageAttributes: Record<string, MessageAttributeValue>;
};

type Told = { readonly summary: IncidentSummary; readonly incident: Incident };

function toSubject(headline: string): string {
  const ascii = headline.replaceAll(' · ', ', ').replace(/[^\x20-\x7e]/g, '?');
  return ascii.trimStart().slice(0, MAX_SUBJECT) || '?';
}

/** Names of APIs and stages may come from a log; SNS takes no control characters, and no empty value. */
function attribute(name: string, value: string | undefined): Record<string, MessageAttributeValue> {
  const clean = (value ?? '').slice(0, MAX_ATTRIBUTE_CHARACTERS).replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '?');
  return clean === '' ? {} : { [name]: { DataType: 'String', StringValue: clean } };
}

function attributesOf({ summary, incident }: Told): Record<string, MessageAttributeValue> {
  const { severity, scope, findings } = incident;
  const [leading] = findings.filter((finding) => isAtLeast(finding.severity, 'warning')).sort(byPriority);
  return {
    ...attribute('severity', severity),
    ...attribute('announcement', summary.announcement),
    ...attribute('kind', leading?.kind),
    ...attribute('apiId', scope.apiId),
    ...attribute('stage', scope.stage),
    ...(summary.isDrill && attribute('isDrill', 'true')),
  };
}

/** The body, with as many of the findings and facts as asked for. */
function bodyOf({ summary, incident }: Told, findingCount: number, factCount: number): string {
  const { id, version, scope, status, severity, openedAt, closedAt, findings, leftOutIds } = incident;
  const machine = {
    schemaVersion: 1,
    announcement: summary.announcement,
    isRepeat: summary.isRepeat,
    isDrill: summary.isDrill,
    id,
    version,
    status,
    severity,
    scope,
    openedAt,
    closedAt,
    title: summary.title.slice(0, MAX_TITLE_CHARACTERS),
    facts: summary.facts.slice(0, factCount),
    findings: findings.slice(0, findingCount),
    findingsLeftOut: leftOutIds.length + findings.length - findingCount,
  };
  const mail = renderText(summary).slice(0, MAX_MAIL_CHARACTERS);
  return JSON.stringify({ default: JSON.stringify(machine), email: mail });
}

function bytesOf(attributes: Record<string, MessageAttributeValue>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType = '', StringValue = '' }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue),
    0,
  );
}

/** The longest body that fits: without the last findings, then without the last facts. */
function fitBody(told: Told, maxBytes: number): string {
  const fits = (body: string): boolean => Buffer.byteLength(body) <= maxBytes;
  for (let count = told.incident.findings.length; count > 0; count -= 1) {
    const body = bodyOf(told, count, told.summary.facts.length);
    if (fits(body)) return body;
  }
  for (let count = told.summary.facts.length; count > 0; count -= 1) {
    const body = bodyOf(told, 0, count);
    if (fits(body)) return body;
  }
  return bodyOf(told, 0, 0);
}

/** Makes of an incident what SNS takes: text for mail, JSON for everything else, attributes for filter policies. */
export function createSnsMessage(told: Told): SnsMessage {
  const Subject = toSubject(renderHeadline(told.summary));
  const MessageAttributes = attributesOf(told);
  const room = MAX_BYTES - Subject.length - bytesOf(MessageAttributes);
  return { Subject, MessageStructure: 'json', Message: fitBody(told, room), MessageAttributes };
}
