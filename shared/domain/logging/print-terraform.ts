import {
  type LoggingChange,
  makesGroup,
  needsOverrides,
  SUGGESTED_RETENTION_DAYS,
} from '#shared/domain/logging/logging-change.ts';
import {
  effectOf,
  formatsOf,
  HEADLINE,
  hintsFor,
  identifiersOf,
  makersOf,
  OVERRIDES_HINT,
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

/** @param maker - The name of the block that makes the log group; `null` if it is there already */
function stageBlock(change: LoggingChange, name: string, maker: string | null): string[] {
  const { apiType, logGroup } = change;
  if (needsOverrides(change)) return ['', `# ${titleOf(change)}: ${OVERRIDES_HINT}`];
  const resource = apiType === 'REST' ? 'aws_api_gateway_stage' : 'aws_apigatewayv2_stage';
  const group = `${maker === null ? 'data.' : ''}aws_cloudwatch_log_group.${maker ?? name}`;
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
    ...(makesGroup(change) ? make : maker === null ? read : []),
    ...(change.updatesStage
      ? [
          `# In its ${resource}:`,
          '#   access_log_settings {',
          `#     destination_arn = ${group}.arn`,
          `#     format          = local.${localName(change)}`,
          '#   }',
        ]
      : []),
  ];
}

/** The formats, with their equals signs below each other as `terraform fmt` wants them. */
function localsBlock(changes: readonly LoggingChange[]): string[] {
  const apiTypes = formatsOf(changes);
  if (apiTypes.length === 0) return [];
  const width = Math.max(...apiTypes.map((apiType) => localName({ apiType }).length));
  const lines = apiTypes.map(
    (apiType) =>
      `  ${localName({ apiType }).padEnd(width)} = ${quoteTerraform(RECOMMENDED_FORMATS[apiType])}`,
  );
  return ['locals {', ...lines, '}'];
}

/**
 * Writes changes for Terraform. The block of each stage is a comment, since it belongs into a resource that is not here.
 *
 * @see {@link https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_stage}
 * @see {@link https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/apigatewayv2_stage}
 */
export function printTerraform(changes: readonly LoggingChange[]): string {
  const names = identifiersOf(changes, (words) => `access_log_${words.join('_').toLowerCase()}`);
  const makers = makersOf(changes, names);
  const lines = [
    `# ${HEADLINE}`,
    ...hintsFor(changes).map((hint) => `# ${hint}`),
    ...localsBlock(changes),
    ...changes.flatMap((change, index) => stageBlock(change, names[index] ?? '', makers[index] ?? null)),
  ];
  return `${lines.join('\n')}\n`;
}
