import type { AccessLogFields } from '#shared/domain/logs/access/access-log-fields.ts';
import { PARTS, readUnnamedParts, type UnnamedFormat } from '#shared/domain/logs/access/unnamed-parts.ts';

const { time, method, eventType, connectionId, protocol, status, length, requestId, extendedRequestId } =
  PARTS;

/** One edition of AWS's documentation has a space before the quote, the next has none. */
const CLF: UnnamedFormat = {
  time: new RegExp(String.raw`\[(${time})\]`, 'g'),
  request: new RegExp(
    `^ ?"(${method}) ([^"]{1,2048}) (?:${protocol})" (${status}) (${length}) (${requestId})(?: (${extendedRequestId}))?$`,
  ),
  message: new RegExp(`^ ?"(${eventType}) ([^"]{1,128}) (${connectionId})" (${status}) (${requestId})$`),
};

/**
 * Reads a line in AWS's Common Log Format, of any kind of API. Lines of other servers look the same but for their end:
 * only those of API Gateway have its request ids there.
 *
 * @param keepsPath - Whether a raw path in the place of the route is a fact
 * @returns `null` if it is none
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html | REST}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html | HTTP}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html | WebSocket}
 */
export function readClfLine(line: string, keepsPath: boolean): AccessLogFields | null {
  return readUnnamedParts(line, CLF, keepsPath);
}
