import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';

/**
 * How exactly a cause tells why a request failed: 0 not at all; 1 by its status, or in words that many causes share; the
 * others, which are not listed, by a fact of their own.
 */
const VAGUE_CAUSES: Readonly<Partial<Record<CauseSlug, 0 | 1>>> = {
  unknown: 0,
  'auth.denied': 1,
  'auth.unauthorized': 1,
  'backend.4xx': 1,
  'backend.5xx': 1,
  'client.malformed': 1,
  'client.unknown-route': 1,
  'gateway.configuration': 1,
  'gateway.internal': 1,
  'integration.function-error': 1,
  'integration.network': 1,
  'integration.unavailable': 1,
  'throttle.unknown-level': 1,
};

const EXACT = 2;

function exactnessOf(cause: CauseSlug): number {
  return VAGUE_CAUSES[cause] ?? EXACT;
}

/**
 * The cause of a request that has a line of both kinds. An access log often leaves only the status to guess from, so the
 * execution line counts if it is as exact; but an exact cause of the access log stays.
 */
function joinCauses({ cause }: ParsedRequest, story: ParsedRequest): CauseSlug | null {
  // Without one the request succeeded, whatever failed on its way.
  if (cause === null || story.cause === null) return cause;
  const isExact = exactnessOf(cause) === EXACT;
  return !isExact && exactnessOf(story.cause) >= exactnessOf(cause) ? story.cause : cause;
}

/**
 * Joins what access line and execution lines tell of one request. The access line counts, but for a vague cause; what it
 * does not say is taken from the others. It is complete if one of them is.
 *
 * @param request - As its access-log line tells it
 * @param story - As its execution lines tell it
 */
export function joinRequest(request: ParsedRequest, story: ParsedRequest): ParsedRequest {
  const facts = Object.entries(request).map(([name, value]) => [
    name,
    value ?? story[name as keyof ParsedRequest],
  ]);
  return {
    ...(Object.fromEntries(facts) as ParsedRequest),
    status: request.status,
    cause: joinCauses(request, story),
    complete: request.complete || story.complete,
  };
}

/** How sure it is that both tell of one request; `no` if anything speaks against it. */
export type Match = 'by-extended-id' | 'by-id' | 'no';

function differs(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b;
}

/**
 * Whether an access line and execution lines tell of one request. A client may choose the id of its request, but not the
 * extended one, so that counts where both have it. Lines of WebSocket APIs have only the extended one, as their id.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html}
 */
export function matchRequest(request: ParsedRequest, story: ParsedRequest): Match {
  if (differs(request.apiId, story.apiId) || differs(request.stage, story.stage)) return 'no';
  const { requestId, extendedRequestId } = request;
  const extended = story.extendedRequestId;
  if (extendedRequestId !== null && extendedRequestId === (extended ?? story.requestId))
    return 'by-extended-id';
  if (differs(extendedRequestId, extended)) return 'no';
  return requestId !== null && requestId === story.requestId ? 'by-id' : 'no';
}
