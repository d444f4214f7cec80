import {
  type LoggingChange,
  makesGroup,
  SUGGESTED_RETENTION_DAYS,
} from '#shared/domain/logging/logging-change.ts';
import {
  apiTypesOf,
  effectOf,
  HEADLINE,
  identifiersOf,
  needsRole,
  ROLE_HINT,
  titleOf,
} from '#shared/domain/logging/print-text.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Makes a quoted string of Terraform's language, in which only `${` and `%{` begin something.
 *
 * @see {@link https://developer.hashicorp.com/terraform/language/expressions/strings}
 */
export function quoteTerraform(text: string): string {
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replace(/[\n\r\t]/g, (character) => ESCAPES[character] ?? character)
    .replace(/[$%](?=\{)/g, (sign) => sign + sign);
  return `"${escaped}"`;
}

function localName({ apiType }: Pick<LoggingChange, 'apiType'>): string {
  return `gatewatch_${apiType.toLowerCase()}_format`;
}

function stageBlock(change: LoggingChange, name: string): string[] {
  const { apiType, logGroup } = change;
  const makes = makesGroup(change);
  const resource = apiType === 'REST' ? 'aws_api_gateway_stage' : 'aws_apigatewayv2_stage';
  const group = `aws_cloudwatch_log_group.${name}`;
  const make = [
    `resource "aws_cloudwatch_log_group" "${name}" {`,
    `  name              = ${quoteTerraform(logGroup)}`,
    `  retention_in_days = ${SUGGESTED_RETENTION_DAYS}`,
    '}',
  ];
  const read = [`data "aws_cloudwatch_log_group" "${name}" {`, `  name = ${quoteTerraform(logGroup)}`, '}'];
  return [
    '',
    `# ${titleOf(change)}: ${effectOf(change)}`,
    ...(makes ? make : read),
    `# In its ${resource}:`,
    '#   access_log_settings {',
    `#     destination_arn = ${makes ? group : `data.${group}`}.arn`,
    `#     format          = local.${localName(change)}`,
    '#   }',
  ];
}

/**
 * Writes changes for Terraform. The block of each stage is a comment, since it belongs into a resource that is not here.
 *
 * @see {@link https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_stage}
 * @see {@link https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/apigatewayv2_stage}
 */
export function printTerraform(changes: readonly LoggingChange[]): string {
  const names = identifiersOf(changes, (words) => `access_log_${words.join('_').toLowerCase()}`);
  const lines = [
    `# ${HEADLINE}`,
    ...(needsRole(changes) ? [`# ${ROLE_HINT}`] : []),
    'locals {',
    ...apiTypesOf(changes).map(
      (apiType) => `  ${localName({ apiType })} = ${quoteTerraform(RECOMMENDED_FORMATS[apiType])}`,
    ),
    '}',
    ...changes.flatMap((change, index) => stageBlock(change, names[index] ?? '')),
  ];
  return `${lines.join('\n')}\n`;
}
