import {
  type LoggingChange,
  makesGroup,
  needsOverrides,
  SUGGESTED_RETENTION_DAYS,
} from '#shared/domain/logging/logging-change.ts';
import {
  effectOf,
  HEADLINE,
  hintsFor,
  identifiersOf,
  makersOf,
  titleOf,
} from '#shared/domain/logging/print-text.ts';

function capitalize(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function logicalName(words: readonly string[]): string {
  const name = words.map(capitalize).join('');
  return /^[A-Za-z]/.test(name) ? name : `Api${name}`;
}

/** The resource that has the stage's access log, and its properties. */
function stageOf(change: LoggingChange, settings: object): { Type: string; Properties: object } {
  const { apiId: ApiId, apiType, stage: StageName } = change;
  if (needsOverrides(change)) {
    const Stage = { AccessLogSettings: settings };
    return { Type: 'AWS::ApiGatewayV2::ApiGatewayManagedOverrides', Properties: { ApiId, Stage } };
  }
  return apiType === 'REST'
    ? {
        Type: 'AWS::ApiGateway::Stage',
        Properties: { RestApiId: ApiId, StageName, AccessLogSetting: settings },
      }
    : { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId, StageName, AccessLogSettings: settings } };
}

/** @param maker - The name of the stage whose change makes the log group; `null` if it is there already */
function resourcesOf(change: LoggingChange, name: string, maker: string | null): [string, unknown][] {
  const { logGroup, format, updatesStage } = change;
  const group = maker === null ? logGroup : `\${${maker}AccessLog}`;
  const settings = {
    // Without the `:*` that the group's own ARN ends in.
    DestinationArn: {
      'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${group}`,
    },
    Format: format,
  };
  const Metadata = { Gatewatch: `${titleOf(change)}: ${effectOf(change)}` };
  const logGroupResource = {
    Type: 'AWS::Logs::LogGroup',
    ...(!updatesStage && { Metadata }),
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { LogGroupName: logGroup, RetentionInDays: SUGGESTED_RETENTION_DAYS },
  };
  const { Type, Properties } = stageOf(change, settings);
  const groups: [string, unknown][] = makesGroup(change) ? [[`${name}AccessLog`, logGroupResource]] : [];
  return updatesStage ? [...groups, [`${name}Stage`, { Type, Metadata, Properties }]] : groups;
}

/**
 * Writes changes as a CloudFormation template, JSON, whose resources belong into the templates that have the stages.
 *
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-accesslogsetting.html}
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigatewayv2-stage-accesslogsettings.html}
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigatewayv2-apigatewaymanagedoverrides-accesslogsettings.html}
 */
export function printCloudFormation(changes: readonly LoggingChange[]): string {
  const names = identifiersOf(changes, logicalName);
  const makers = makersOf(changes, names);
  const description = `${HEADLINE} Not to be deployed by itself: take the log groups and the access-log settings into the templates that have the stages.`;
  const hints = hintsFor(changes);
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description,
    // Not in the description, which has 1,024 bytes.
    ...(hints.length > 0 && { Metadata: { Gatewatch: hints } }),
    Resources: Object.fromEntries(
      changes.flatMap((change, index) => resourcesOf(change, names[index] ?? '', makers[index] ?? null)),
    ),
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}
