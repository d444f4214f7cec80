import { splitExecutionPrefix } from '#shared/domain/logs/execution/execution-prefix.ts';

/**
 * Labels that only data trace writes. What follows is headers, query strings and bodies, of which API Gateway masks
 * some headers only; an empty one means no less that data trace is on.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 */
export const DATA_TRACE_LABEL =
  /^(?:Method request (?:path|query string|headers|body before transformations)|Endpoint request (?:headers|body after transformations)|Endpoint response (?:headers|body before transformations)|Method response (?:headers|body after transformations)|Authorizer result body before parsing):/;

/** Whether a line of an execution log comes from data trace: then its stage logs what clients and backends send. */
export function isDataTrace(message: string): boolean {
  return DATA_TRACE_LABEL.test(splitExecutionPrefix(message).text);
}
