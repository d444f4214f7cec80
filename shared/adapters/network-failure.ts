import { toPlainWord } from '#shared/adapters/plain-word.ts';

/** What Node says when a request cannot have left this machine: no name, no way, nobody listens, no trust. */
const UNSENT = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Why no answer came. */
export type NetworkFailure = {
  /** A word of Node's, never an address: `ECONNRESET`, `TimeoutError`; or `no answer`. */
  readonly reason: string;
  /** True if the request was certainly not sent. */
  readonly isUnsent: boolean;
};

type Failure = { readonly name?: unknown; readonly code?: unknown; readonly cause?: unknown };

/**
 * Says why a request failed, in words only: the errors of `fetch` and of Node's sockets can hold addresses in their
 * messages and causes, so nothing else of them is repeated.
 */
export function describeNetworkFailure(error: unknown): NetworkFailure {
  const { name, code, cause } = (error ?? {}) as Failure;
  const word = toPlainWord((cause as Failure | undefined)?.code) ?? toPlainWord(code);
  if (word !== null) return { reason: word, isUnsent: UNSENT.has(word) };
  return { reason: name === 'TimeoutError' ? name : 'no answer', isUnsent: false };
}
