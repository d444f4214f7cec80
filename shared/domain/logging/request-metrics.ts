import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** A metric of `AWS/ApiGateway`, whose sum is a number of requests. */
export type RequestMetric = {
  readonly name: 'Count' | 'ConnectCount' | 'MessageCount';
  readonly dimensions: Readonly<Record<string, string>>;
};

type Stage = Pick<InventoryItem, 'apiId' | 'apiName' | 'apiType' | 'stage'>;

/** The service strips what is not ASCII from the name of an API, and takes the id if nothing is left. */
function dimensionName({ apiId, apiName }: Stage): string {
  const name = apiName.replace(/[^\u0020-\u007e]/g, '');
  return name.trim() === '' ? apiId : name;
}

/**
 * The metrics that together count the requests of a stage. Those of REST APIs go by name: stages of two APIs with one
 * name share them. `MessageCount` has the messages to clients as well, which no access log has.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html}
 */
export function requestMetrics(stage: Stage): readonly RequestMetric[] {
  const Stage = stage.stage;
  if (stage.apiType === 'REST') {
    return [{ name: 'Count', dimensions: { ApiName: dimensionName(stage), Stage } }];
  }
  const dimensions = { ApiId: stage.apiId, Stage };
  if (stage.apiType === 'HTTP') return [{ name: 'Count', dimensions }];
  return [
    { name: 'ConnectCount', dimensions },
    { name: 'MessageCount', dimensions },
  ];
}
