import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { DeliverIncident } from '#shared/application/ports.ts';
import { renderHeadline, renderText } from '#shared/domain/messages/render-text.ts';

/**
 * A subject is ASCII without line breaks or control characters, below 100 characters.
 *
 * @see {@link https://docs.aws.amazon.com/sns/latest/api/API_Publish.html}
 */
const MAX_SUBJECT = 99;

function toSubject(headline: string): string {
  return headline
    .replaceAll(' · ', ', ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, MAX_SUBJECT);
}

function attribute(value: string): { DataType: 'String'; StringValue: string } {
  return { DataType: 'String', StringValue: value };
}

/** Publishes incidents to a topic: text for mail, JSON for everything else, attributes for filter policies. */
export function createSnsDeliverIncident(client: SNSClient, topicArn: string): DeliverIncident {
  return async (summary, incident) => {
    const { id, scope, status, severity, openedAt, closedAt, findings } = incident;
    const machine = {
      schemaVersion: 1,
      announcement: summary.announcement,
      id,
      status,
      severity,
      scope,
      openedAt,
      closedAt,
      title: summary.title,
      facts: summary.facts,
      findings,
    };
    const { apiId, stage } = scope;
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: toSubject(renderHeadline(summary)),
        MessageStructure: 'json',
        Message: JSON.stringify({ default: JSON.stringify(machine), email: renderText(summary) }),
        MessageAttributes: {
          severity: attribute(severity),
          announcement: attribute(summary.announcement),
          ...(findings[0] !== undefined && { kind: attribute(findings[0].kind) }),
          ...(apiId !== undefined && { apiId: attribute(apiId) }),
          ...(stage !== undefined && { stage: attribute(stage) }),
        },
      }),
    );
  };
}
