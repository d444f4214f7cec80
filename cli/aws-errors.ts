import { UsageError } from '#cli/errors.ts';

/** What errors of the SDK, and of Node below it, have in common. */
type AwsError = Error & { readonly code?: string; readonly $metadata?: object; readonly $fault?: string };

const UNKNOWN_CREDENTIALS: ReadonlySet<string> = new Set([
  'AuthFailure',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
]);

const SIGN_IN = 'set AWS_PROFILE, or sign in with aws login, aws sso login or aws configure';

/** Whether AWS refused the caller, whose credentials it knows. */
export function isDenied(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  return /^(AccessDenied|Unauthorized|Forbidden)/.test(name) || /not authorized to perform/.test(message);
}

function isThrottled({ name }: Error): boolean {
  return /throttl|TooManyRequests|RequestLimitExceeded/i.test(name);
}

/** CloudWatch answered, but not everything. The words are ours. */
function isIncomplete({ name }: Error): boolean {
  return name === 'MetricsNotReadError';
}

/** Whether the same call may succeed in a minute: AWS is busy or broken, or out of reach for now. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code = '', $fault }: AwsError = error;
  const isUnanswered = name === 'TimeoutError' || isIncomplete(error);
  return isUnanswered || isThrottled(error) || UNREACHABLE.has(code) || $fault === 'server';
}

/** Where the permissions of `gatewatch setup` are. */
const SETUP_PERMISSIONS = 'gatewatch setup --iam prints the permissions that are needed';

function explainDenied({ message }: AwsError, permissions: string): string {
  const [, action, resource] = /perform: ([\w-]+:[\w*]+)(?: on resource: (\S+))?/.exec(message) ?? [];
  const what = action === undefined ? message : `${action}${resource === undefined ? '' : ` on ${resource}`}`;
  return `AWS denies ${what}; ${permissions}`;
}

/** What AWS also says where the account has not enabled a Region: the credentials are not known there. */
const UNKNOWN_THERE: ReadonlySet<string> = new Set(['InvalidClientTokenId', 'UnrecognizedClientException']);

function isClockSkew({ name, message }: AwsError): boolean {
  return name === 'RequestTimeTooSkewed' || /Signature (?:expired:|not yet current)/.test(message);
}

function explainCredentials(error: AwsError): string | null {
  const { name, message } = error;
  if (isClockSkew(error)) return 'The clock of this machine differs from that of AWS: set it';
  if (/expired/i.test(`${name} ${message}`)) return 'The AWS credentials have expired: sign in again';
  if (UNKNOWN_CREDENTIALS.has(name)) {
    const region = UNKNOWN_THERE.has(name) ? ', or the account has not enabled this Region' : '';
    return `AWS does not accept these credentials (${name})${region}: ${SIGN_IN}`;
  }
  if (/^(Credentials|Token)Provider/.test(name)) return `No AWS credentials (${message}): ${SIGN_IN}`;
  return null;
}

function explainUnreachable({ name, code = '', message }: AwsError): string | null {
  if (code === 'ERR_INVALID_URL') return 'AWS_ENDPOINT_URL is no address';
  if (code === 'ENOTFOUND')
    return `AWS cannot be reached (${message}): is the Region right, and is there a network?`;
  if (UNREACHABLE.has(code)) return `AWS cannot be reached (${code}${message === '' ? '' : `, ${message}`})`;
  return name === 'TimeoutError' ? 'AWS does not answer in time' : null;
}

function explain(error: AwsError, permissions: string): string | null {
  if (/region is missing/i.test(error.message)) return 'No Region: give --region, or set AWS_REGION';
  const known = explainCredentials(error) ?? (isDenied(error) ? explainDenied(error, permissions) : null);
  if (known !== null) return known;
  if (isThrottled(error)) return `AWS takes no more calls for now (${error.name}): try again later`;
  if (isIncomplete(error)) return `${error.message}: try again later`;
  return (
    explainUnreachable(error) ??
    (error.$metadata === undefined ? null : `AWS says ${error.name}: ${error.message}`)
  );
}

/**
 * Puts an error of AWS into words that say what to do.
 *
 * @param permissions - Where the reader finds the permissions that the command needs
 * @returns A {@link UsageError}, or the error itself if it is none of AWS
 */
export function explainAwsError(error: unknown, permissions: string = SETUP_PERMISSIONS): unknown {
  if (!(error instanceof Error) || error instanceof UsageError) return error;
  const words = explain(error, permissions);
  return words === null ? error : new UsageError(words, { cause: error });
}

/** The words of an error, whoever's it is. */
export function wordsFor(error: unknown): string {
  const explained = explainAwsError(error);
  return explained instanceof Error ? explained.message : String(explained);
}
