import { describe, expect, it } from 'vitest';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

function withSettings(differences: Partial<InventoryItem>): InventoryItem[] {
  return INVENTORY.map((item) => (item.apiId === 'a1' ? { ...item, ...differences } : item));
}

const TRACED = {
  executionLogGroup: 'API-Gateway-Execution-Logs_a1/prod',
  executionLogLevel: 'INFO',
  logsBodies: true,
} as const;

describe('describeBodyLogging()', () => {
  it('describeBodyLogging() names stage, level and group, what is in it, and the command that ends it', () => {
    const described = describeFinding(createOccurrence('logging.bodies'), withSettings(TRACED));

    expect(described.title).toBe('orders-api/prod logs request and response bodies');
    expect(described.evidence).toEqual([
      { label: 'Execution log', value: 'level INFO with data trace' },
      { label: 'Log group', value: 'API-Gateway-Execution-Logs_a1/prod' },
      { label: 'It holds', value: 'bodies, headers and X-Amz-Security-Token in plain text' },
    ]);
    expect(described.nextStep).toContain('aws apigateway update-stage');
  });

  it('describeBodyLogging() names both groups that a WebSocket stage may write to', () => {
    const inventory = withSettings({ ...TRACED, apiType: 'WEBSOCKET' });

    const { evidence, nextStep } = describeFinding(createOccurrence('logging.bodies'), inventory);

    expect(evidence[1]?.value).toBe('API-Gateway-Execution-Logs_a1/prod or /aws/apigateway/a1/prod');
    expect(nextStep).toContain('aws apigatewayv2 update-stage');
  });

  it('describeBodyLogging() says how many lines were seen where nobody knows the settings', () => {
    const occurrence = createOccurrence('logging.bodies', { sums: { linesSeen: 1_204 } });

    const { evidence } = describeFinding(occurrence, []);

    expect(evidence.slice(0, 2)).toEqual([
      { label: 'Execution log', value: '1,204 lines seen' },
      { label: 'Log group', value: 'API-Gateway-Execution-Logs_a1/prod' },
    ]);
  });

  it('describeBodyLogging() says at the end that the group keeps what it has', () => {
    const occurrence = createOccurrence('logging.bodies', { status: 'cleared' });

    const { evidence } = describeFinding(occurrence, withSettings({ ...TRACED, logsBodies: false }));

    expect(evidence.map(({ value: text }) => text)).toEqual([
      'data trace is off',
      'API-Gateway-Execution-Logs_a1/prod',
      'what was logged before, until it expires or is deleted',
    ]);
  });
});
