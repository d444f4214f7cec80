import type { CauseSlug } from '#shared/domain/causes/causes.ts';

/** The three kinds of API that share the account throttle. */
export type ApiType = 'REST' | 'HTTP' | 'WEBSOCKET';

/**
 * One request as an access log tells it. Absent facts are `null`. It holds nothing personal:
 * no address, user, key, claim, body or raw path.
 */
export type ApiRequest = {
  readonly requestId: string | null;
  readonly extendedRequestId: string | null;
  readonly apiId: string | null;
  readonly stage: string | null;
  /** Told by fields that only one kind of API has; `null` when the line leaves it open. */
  readonly apiType: ApiType | null;
  /** `GET`; `null` for WebSocket APIs, which have none. */
  readonly method: string | null;
  /** `GET /orders/{id}` or a WebSocket route such as `$connect`; a template, never the raw path. */
  readonly route: string | null;
  /** When the request reached API Gateway, epoch milliseconds. */
  readonly timeMs: number;
  /** The status sent to the client, 100 to 599. */
  readonly status: number;
  readonly responseLatencyMs: number | null;
  readonly integrationLatencyMs: number | null;
  readonly responseLengthBytes: number | null;
  /** The status the backend answered with, where it answered. */
  readonly integrationStatus: number | null;
  /** Why the request failed; `null` below status 400. */
  readonly cause: CauseSlug | null;
  readonly errorType: string | null;
  readonly xrayTraceId: string | null;
};

/** What counting needs to know of a request. */
export type CountedRequest = Pick<
  ApiRequest,
  'apiId' | 'stage' | 'timeMs' | 'status' | 'responseLatencyMs' | 'integrationLatencyMs' | 'cause'
>;
