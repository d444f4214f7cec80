import { type ExecutionFacts, NUMERIC_FACTS } from '#shared/domain/logs/execution/execution-facts.ts';
import {
  CLOSED_FORMS,
  type LineForm,
  OPEN_FORMS,
} from '#shared/domain/logs/execution/execution-line-forms.ts';
import { readThrottle } from '#shared/domain/logs/execution/execution-throttle.ts';
import { detachText } from '#shared/domain/logs/payload/detach-text.ts';

/** One line, read. */
export type ExecutionFactsLine = {
  readonly facts: ExecutionFacts;
  /** All of it is API Gateway's own: no text of clients or backends follows, not on a next line either. */
  readonly isWhole: boolean;
};

/** A UUID: nothing that a backend writes in its message could be taken for more than an id. */
const LAMBDA_REQUEST_ID = /\. Lambda request id: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s{0,8}$/;
const TAIL_LENGTH = 80;

function readForm({ pattern, facts }: LineForm, text: string): ExecutionFacts | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  if (match.groups === undefined) return facts;
  const captured: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(match.groups)) {
    if (value !== undefined) captured[name] = NUMERIC_FACTS.has(name) ? Number(value) : value;
  }
  return { ...facts, ...captured };
}

function readFirst(forms: readonly LineForm[], text: string): ExecutionFacts | null {
  for (const form of forms) {
    const facts = readForm(form, text);
    if (facts !== null) return facts;
  }
  return null;
}

/**
 * API Gateway ends the line about a failed function with the id, behind the message of the function; a line that was
 * cut ends otherwise, so no message can put an id of its own in its place.
 */
function readLambdaRequestId(message: string): ExecutionFacts {
  const lambdaRequestId = LAMBDA_REQUEST_ID.exec(detachText(message.slice(-TAIL_LENGTH)))?.[1];
  return lambdaRequestId === undefined ? {} : { lambdaRequestId };
}

/**
 * Reads what a line says about its request. Texts of clients and backends follow after a label and are not read, but
 * for the path of the request; so what they quote is not taken for a line.
 *
 * @param text - The line without its prefix; its head will do
 * @param message - The whole line
 * @returns `null` for words that are not known
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html}
 */
export function readExecutionFacts(text: string, message: string): ExecutionFactsLine | null {
  const closed = readFirst(CLOSED_FORMS, text) ?? readThrottle(text);
  if (closed !== null) return { facts: closed, isWhole: true };
  const open = readFirst(OPEN_FORMS, text);
  if (open === null) return null;
  const facts = open.functionFailed === true ? { ...open, ...readLambdaRequestId(message) } : open;
  return { facts, isWhole: false };
}
