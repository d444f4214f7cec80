import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { quoteShell } from '#shared/domain/logging/quote-shell.ts';

/**
 * The command of the AWS CLI that switches data trace off for the methods or routes of a stage that have no settings of
 * their own.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html}
 * @see {@link https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html}
 */
export function printDataTraceOff(
  { apiId, apiType, stage }: Pick<InventoryItem, 'apiId' | 'apiType' | 'stage'>,
  region: string,
): string {
  const where = `--region ${quoteShell(region)} --stage-name ${quoteShell(stage)}`;
  return apiType === 'REST'
    ? `aws apigateway update-stage ${where} --rest-api-id ${quoteShell(apiId)} --patch-operations ${quoteShell('op=replace,path=/*/*/logging/dataTrace,value=false')}`
    : `aws apigatewayv2 update-stage ${where} --api-id ${quoteShell(apiId)} --default-route-settings DataTraceEnabled=false`;
}
