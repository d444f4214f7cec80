import {
  type LoggingChange,
  makesGroup,
  SUGGESTED_RETENTION_DAYS,
} from '#shared/domain/logging/logging-change.ts';
import {
  effectOf,
  HEADLINE,
  identifiersOf,
  needsRole,
  ROLE_HINT,
  titleOf,
} from '#shared/domain/logging/print-text.ts';

function capitalize(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function logicalName(words: readonly string[]): string {
  const name = words.map(capitalize).join('');
  return /^[A-Za-z]/.test(name) ? name : `Api${name}`;
}

function resourcesOf(change: LoggingChange, name: string): [string, unknown][] {
  const { apiId, apiType, stage, logGroup, format } = change;
  const makes = makesGroup(change);
  const group = `${name}AccessLog`;
  const settings = {
    // Without the `:*` that the group's own ARN ends in.
    DestinationArn: {
      'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${makes ? `\${${group}}` : logGroup}`,
    },
    Format: format,
  };
  const properties =
    apiType === 'REST'
      ? { RestApiId: apiId, StageName: stage, AccessLogSetting: settings }
      : { ApiId: apiId, StageName: stage, AccessLogSettings: settings };
  const logGroupResource = {
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { LogGroupName: logGroup, RetentionInDays: SUGGESTED_RETENTION_DAYS },
  };
  const stageResource = {
    Type: apiType === 'REST' ? 'AWS::ApiGateway::Stage' : 'AWS::ApiGatewayV2::Stage',
    Metadata: { Gatewatch: `${titleOf(change)}: ${effectOf(change)}` },
    Properties: properties,
  };
  return [
    ...(makes ? [[group, logGroupResource] as [string, unknown]] : []),
    [`${name}Stage`, stageResource],
  ];
}

/**
 * Writes changes as a CloudFormation template, JSON, whose resources belong into the templates that have the stages.
 *
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-accesslogsetting.html}
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigatewayv2-stage-accesslogsettings.html}
 */
export function printCloudFormation(changes: readonly LoggingChange[]): string {
  const names = identifiersOf(changes, logicalName);
  const description = [
    HEADLINE,
    'Not to be deployed by itself: take the log groups and the access-log settings into the templates that have the stages.',
    ...(needsRole(changes) ? [`${ROLE_HINT}.`] : []),
  ];
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description.join(' '),
    Resources: Object.fromEntries(
      changes.flatMap((change, index) => resourcesOf(change, names[index] ?? '')),
    ),
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}
