import { partitionOf } from '#shared/domain/logging/arn-partition.ts';
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
  OVERRIDES_HINT,
  titleOf,
} from '#shared/domain/logging/print-text.ts';
import { quoteShell } from '#shared/domain/logging/quote-shell.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';
import type { ApiType } from '#shared/domain/logs/access/request.ts';

/** A command that does nothing: zsh, unless told otherwise, runs what stands behind `#` on its command line. */
function remark(text: string): string {
  return `: ${quoteShell(text)}`;
}

/** Text, or a variable of the shell. */
type Part = string | { readonly variable: string };

/** Makes one word in which the shell fills variables in, and nothing else. Without them it does not run the command. */
function quoteParts(parts: readonly Part[]): string {
  const words: string[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') words.push(quoteShell(text));
    text = '';
  };
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    flush();
    words.push(`"\${${part.variable}:?run the lines above first}"`);
  }
  flush();
  return words.join('');
}

function destinationArn({ logGroup }: LoggingChange, region: string): Part[] {
  // A name inside of JSON, without the quotes around it.
  const name = JSON.stringify(logGroup).slice(1, -1);
  return [`arn:${partitionOf(region)}:logs:${region}:`, { variable: 'ACCOUNT_ID' }, `:log-group:${name}`];
}

/** The variable is JSON already, with its quotes. */
function formatVariable(apiType: ApiType): string {
  return `${apiType}_FORMAT`;
}

function updateRestStage(change: LoggingChange, region: string): string {
  const { apiId, apiType, stage } = change;
  const destination: Part[] = [
    '{"op":"replace","path":"/accessLogSettings/destinationArn","value":"',
    ...destinationArn(change, region),
    '"},',
  ];
  const operations: Part[] = [
    '[',
    ...(makesGroup(change) ? destination : []),
    '{"op":"replace","path":"/accessLogSettings/format","value":',
    { variable: formatVariable(apiType) },
    '}]',
  ];
  return `aws apigateway update-stage --rest-api-id ${quoteShell(apiId)} --stage-name ${quoteShell(stage)} \\
  --patch-operations ${quoteParts(operations)}`;
}

function updateStage(change: LoggingChange, region: string): string {
  const { apiId, apiType, stage } = change;
  if (apiType === 'REST') return updateRestStage(change, region);
  const settings: Part[] = [
    '{"DestinationArn":"',
    ...destinationArn(change, region),
    '","Format":',
    { variable: formatVariable(apiType) },
    '}',
  ];
  return `aws apigatewayv2 update-stage --api-id ${quoteShell(apiId)} --stage-name ${quoteShell(stage)} \\
  --access-log-settings ${quoteParts(settings)}`;
}

function makeGroup(change: LoggingChange): string[] {
  if (!makesGroup(change)) return [];
  const name = quoteShell(change.logGroup);
  return [
    `aws logs create-log-group --log-group-name ${name}`,
    `aws logs put-retention-policy --log-group-name ${name} --retention-in-days ${SUGGESTED_RETENTION_DAYS}`,
  ];
}

/** The format of a REST stage can be set without its destination. */
function needsAccount(change: LoggingChange): boolean {
  if (!change.updatesStage || needsOverrides(change)) return false;
  return change.apiType !== 'REST' || makesGroup(change);
}

function stageLines(change: LoggingChange, region: string): string[] {
  const title = titleOf(change);
  if (needsOverrides(change)) return ['', remark(`${title}: ${OVERRIDES_HINT}`)];
  const update = change.updatesStage ? [updateStage(change, region)] : [];
  return ['', remark(`${title}: ${effectOf(change)}`), [...makeGroup(change), ...update].join(' &&\n')];
}

/**
 * Writes changes as commands of the AWS CLI for a POSIX shell. Those of one stage stop at the first that fails.
 *
 * @see {@link https://docs.aws.amazon.com/cli/latest/reference/apigateway/update-stage.html}
 * @see {@link https://docs.aws.amazon.com/cli/latest/reference/apigatewayv2/update-stage.html}
 */
export function printCli(changes: readonly LoggingChange[], region: string): string {
  const head = [
    remark(HEADLINE),
    ...hintsFor(changes).map(remark),
    "export AWS_PAGER=''",
    `export AWS_REGION=${quoteShell(region)}`,
    ...(changes.some(needsAccount)
      ? ['ACCOUNT_ID=$(aws sts get-caller-identity --query Account --output text)']
      : []),
    ...formatsOf(changes).map(
      (apiType) => `${formatVariable(apiType)}=${quoteShell(JSON.stringify(RECOMMENDED_FORMATS[apiType]))}`,
    ),
  ];
  const stages = changes.flatMap((change) => stageLines(change, region));
  return `${[...head, ...stages].join('\n')}\n`;
}
