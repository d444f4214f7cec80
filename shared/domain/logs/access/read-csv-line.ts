import type { AccessLogFields } from '#shared/domain/logs/access/access-log-fields.ts';
import { PARTS, readUnnamedParts, type UnnamedFormat } from '#shared/domain/logs/access/unnamed-parts.ts';

const { time, method, eventType, connectionId, protocol, status, length, requestId, extendedRequestId } =
  PARTS;

/** Nothing is quoted: names of users with commas have more parts, and so has the route of a WebSocket API. */
const CSV: UnnamedFormat = {
  time: new RegExp(`,(${time}),`, 'g'),
  request: new RegExp(
    `^(${method}),([^,]{1,2048}),(?:${protocol}),(${status}),(${length}),(${requestId})(?:,(${extendedRequestId}))?$`,
  ),
  message: new RegExp(`^(${eventType}),(.{1,128}),(${connectionId}),(${status}),(${requestId})$`),
};

/**
 * Reads a line in AWS's CSV format, of any kind of API.
 *
 * @param keepsPath - Whether a raw path in the place of the route is a fact
 * @returns `null` if it is none
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html | REST}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html | HTTP}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html | WebSocket}
 */
export function readCsvLine(line: string, keepsPath: boolean): AccessLogFields | null {
  return readUnnamedParts(line, CSV, keepsPath);
}
