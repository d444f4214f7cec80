import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessFilterName, executionFilterName } from '#shared/domain/subscriptions/subscription-filter.ts';
import { FUNCTION_NAMES, findFunction } from '#test/infra/functions.ts';
import { type PackagedStack, packageStack } from '#test/infra/package-stack.ts';
import { type Resource, resolveTemplate, resourcesOf, type Template } from '#test/infra/template.ts';

const PACKAGE_TIMEOUT_MS = 120_000;
const DOCS = resolve(import.meta.dirname, '../../docs');

type Properties = Resource['Properties'];

let stack: PackagedStack;
let template: Template;
let alarms: [string, Properties][];

beforeAll(async () => {
  stack = await packageStack();
  template = resolveTemplate(stack.template);
  alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
}, PACKAGE_TIMEOUT_MS);

afterAll(() => stack.remove());

/** The names of metrics that alarms watch under exactly these dimensions. */
function watched(dimensions: Readonly<Record<string, string>>): string[] {
  const isWatched = ({ Dimensions = [] }: Properties): boolean => {
    const entries = Dimensions.map(({ Name, Value }: Properties) => [Name, Value]);
    return entries.length > 0 && JSON.stringify(Object.fromEntries(entries)) === JSON.stringify(dimensions);
  };
  return alarms.filter(([, alarm]) => isWatched(alarm)).map(([, { MetricName }]) => MetricName);
}

/** The metrics of an alarm, be it on one or on a formula. */
function metricsOf({
  Namespace,
  MetricName,
  Metrics = [],
}: Properties): { namespace: string; name: string }[] {
  if (MetricName !== undefined) return [{ namespace: Namespace, name: MetricName }];
  return Metrics.filter(({ MetricStat }: Properties) => MetricStat !== undefined).map(
    ({ MetricStat }: Properties) => ({
      namespace: MetricStat.Metric.Namespace,
      name: MetricStat.Metric.MetricName,
    }),
  );
}

function queries(): string[] {
  const expressions = alarms.flatMap(([, { Metrics = [] }]) =>
    Metrics.map(({ Expression = '' }: Properties) => Expression),
  );
  return expressions.filter((expression) => expression.startsWith('SELECT'));
}

/**
 * How long a message may have been in another queue before: its life began there, but its age counts from when it was
 * moved.
 */
function earlierSeconds(id: string): number {
  const sources = resourcesOf(template, 'AWS::SQS::Queue').filter(
    ([, { RedrivePolicy }]) => RedrivePolicy?.deadLetterTargetArn === `${id}.Arn`,
  );
  return Math.max(0, ...sources.map(([, { MessageRetentionPeriod }]) => MessageRetentionPeriod));
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(file: string): string[] {
  const headings = [...readFileSync(join(DOCS, file), 'utf8').matchAll(/^#+ (.*)$/gm)];
  return headings.map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('alarms', () => {
  it('tell the topic themselves when they begin and when they end', () => {
    const [[topicId] = []] = resourcesOf(template, 'AWS::SNS::Topic');

    for (const [, { AlarmActions, OKActions, InsufficientDataActions }] of alarms) {
      expect(AlarmActions).toEqual([expect.stringMatching(new RegExp(`^arn:aws:sns:.*:${topicId}$`))]);
      expect(OKActions).toEqual(AlarmActions);
      expect(InsufficientDataActions).toBeUndefined();
    }
  });

  it('say in one sentence what is wrong, and which section of the runbook helps', () => {
    const sections = alarms.map(([, { AlarmDescription }]) =>
      /^[A-Z][^.]+\. See docs\/runbook\.md#([\w-]+)$/.exec(AlarmDescription)?.at(1),
    );

    expect(anchorsOf('runbook.md')).toEqual(expect.arrayContaining([...new Set(sections)]));
  });

  it('decide what missing data means', () => {
    const undecided = alarms.filter(([, { TreatMissingData }]) => TreatMissingData === undefined);

    expect(undecided).toEqual([]);
  });

  it.each(FUNCTION_NAMES)('watch %s for errors and throttles', (name) => {
    const metrics = watched({ FunctionName: findFunction(template, name).id });

    expect(metrics).toEqual(expect.arrayContaining(['Errors', 'Throttles']));
  });

  it('watch every function that Lambda keeps failed events of, for those that it cannot keep', () => {
    const keeping = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').map(([, config]) => config);

    expect(keeping).toHaveLength(FUNCTION_NAMES.length - 1);
    for (const { FunctionName } of keeping)
      expect(watched({ FunctionName })).toContain('DestinationDeliveryFailures');
  });

  it('watch the queue of parked metrics for an hour in which it is never empty, by no age', () => {
    const waiting = alarms.find(([id]) => id === 'ParkedMetricsWaiting')?.[1];
    const stats = waiting?.['Metrics'].flatMap(({ MetricStat }: Properties) => MetricStat ?? []);

    expect(
      stats.map(({ Metric, Stat }: Properties) => [Metric.Dimensions[0].Value, Metric.MetricName, Stat]),
    ).toEqual([
      ['ParkedMetrics.QueueName', 'ApproximateNumberOfMessagesVisible', 'Maximum'],
      ['ParkedMetrics.QueueName', 'ApproximateNumberOfMessagesNotVisible', 'Maximum'],
    ]);
    expect(stats.map(({ Period }: Properties) => Period * waiting?.['EvaluationPeriods'])).toEqual([
      3_600, 3_600,
    ]);
    expect(waiting).toMatchObject({ DatapointsToAlarm: waiting?.['EvaluationPeriods'], Threshold: 0 });
  });

  it.each(['ingest-access-logs', 'ingest-execution-logs', 'dispatch-alerts'])(
    'watch how long the events of %s wait',
    (name) => {
      expect(watched({ FunctionName: findFunction(template, name).id })).toContain('AsyncEventAge');
    },
  );

  it('watch every queue that somebody has to look at, for messages and for messages about to expire', () => {
    const nobodys = ['MissedRuns', 'ParkedMetrics'];
    const queues = resourcesOf(template, 'AWS::SQS::Queue').filter(([id]) => !nobodys.includes(id));

    expect(queues).toHaveLength(3);
    for (const [id, { MessageRetentionPeriod }] of queues) {
      const QueueName = `${id}.QueueName`;

      expect(watched({ QueueName })).toEqual([
        'ApproximateNumberOfMessagesVisible',
        'ApproximateAgeOfOldestMessage',
      ]);
      const [, expiring] = alarms.filter(([, { Dimensions }]) => Dimensions?.[0].Value === QueueName);
      const leftSeconds = MessageRetentionPeriod - earlierSeconds(id) - expiring?.[1].Threshold;
      expect(leftSeconds).toBeGreaterThanOrEqual(24 * 60 * 60);
    }
  });

  it('watch every rule for events that reach neither its function nor the dead letters', () => {
    for (const [, { Name, EventBusName }] of resourcesOf(template, 'AWS::Events::Rule')) {
      const dimensions = EventBusName === undefined ? { RuleName: Name } : { EventBusName, RuleName: Name };

      expect(watched(dimensions)).toEqual(['FailedInvocations', 'InvocationsFailedToBeSentToDlq']);
    }
  });

  it('take the silence of what runs on a schedule for a failure, and of nothing else', () => {
    const breaching = alarms.filter(([, { TreatMissingData }]) => TreatMissingData === 'breaching');

    const names = breaching.map(([, { Dimensions }]) => Dimensions[0].Value).sort();
    expect(names).toEqual(['check-headroom', 'detect-anomalies', 'dispatch-alerts', 'subscribe-log-groups']);
  });

  it('miss the heartbeat of alerting after two hours without one', () => {
    const silent = alarms.find(([id]) => id === 'AlertingSilent')?.[1];

    expect(silent).toMatchObject({
      Namespace: 'Gatewatch',
      MetricName: 'AlertingHeartbeats',
      Dimensions: [{ Name: 'Function', Value: 'dispatch-alerts' }],
      Statistic: 'Sum',
      Period: 3_600,
      EvaluationPeriods: 2,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('watch what our filters match and CloudWatch Logs cannot hand over', () => {
    const from = 'FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName)';
    const names = [accessFilterName('gatewatch-prod'), executionFilterName('gatewatch-prod')];

    expect(queries()).toEqual(
      names.flatMap((name) => [
        `SELECT SUM(DeliveryErrors) ${from} WHERE FilterName = '${name}'`,
        `SELECT SUM(DeliveryThrottling) ${from} WHERE FilterName = '${name}'`,
      ]),
    );
  });

  it('watch only metrics of ours that are documented', () => {
    const ours = alarms.flatMap(([, alarm]) => metricsOf(alarm)).filter((m) => m.namespace === 'Gatewatch');
    const documented = readFileSync(join(DOCS, 'metrics.md'), 'utf8');

    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter(({ name }) => !documented.includes(`\`${name}\``))).toEqual([]);
  });

  it('are as many as the documentation says', () => {
    const [, count] = /(\d+) alarms/.exec(readFileSync(join(DOCS, 'cost.md'), 'utf8')) ?? [];

    expect(alarms).toHaveLength(Number(count));
  });
});
