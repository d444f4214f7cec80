import { describe, expect, it } from 'vitest';
import type { OutgoingMessage, Receiver } from '#shared/application/receiver-ports.ts';
import { withRunbook } from '#shared/application/with-runbook.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';
import { createIncident } from '#test/fakes/finding.ts';

const RUNBOOK = 'https://wiki.example.com/runbook';
const GRAPH = { label: 'Dashboard', url: 'https://console.example.com/graph' };
const TRACES = { label: 'X-Ray', url: 'https://console.example.com/traces' };

function createReceiver() {
  const sent: OutgoingMessage[] = [];
  const receiver: Receiver = {
    canEdit: false,
    minSeverity: 'warning',
    intervalMs: 0,
    find: null,
    send: async (message) => {
      sent.push(message);
      return { type: 'sent', place: null };
    },
  };
  return { receiver, sent };
}

function createMessage(announcement: 'opened' | 'closed'): OutgoingMessage {
  const incident = createIncident({ kind: 'error-budget', severity: 'critical', links: [TRACES, GRAPH] });
  const summary = summarizeIncident(incident, announcement, Date.parse(incident.openedAt));
  return { step: 'post', token: 'token', summary, incident };
}

describe('withRunbook()', () => {
  it('withRunbook() links to the section about the finding that names the incident, in its place', async () => {
    const { receiver, sent } = createReceiver();

    await withRunbook(receiver, RUNBOOK).send(createMessage('opened'));

    expect(sent[0]?.summary.links).toEqual([
      GRAPH,
      { label: 'Runbook', url: `${RUNBOOK}#error-budget` },
      TRACES,
    ]);
  });

  it('withRunbook() links to nothing when nothing is left to do', async () => {
    const { receiver, sent } = createReceiver();

    await withRunbook(receiver, RUNBOOK).send(createMessage('closed'));

    expect(sent[0]?.summary.links).toEqual([]);
  });

  it('withRunbook() leaves a receiver as it is without an address', () => {
    const { receiver } = createReceiver();

    expect(withRunbook(receiver, '')).toBe(receiver);
  });
});
