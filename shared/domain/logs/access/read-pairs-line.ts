import type { AccessLogFields, SpellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { certainFields } from '#shared/domain/logs/access/certain-fields.ts';
import type { Member } from '#shared/domain/logs/access/list-members.ts';
import { PARTS } from '#shared/domain/logs/access/unnamed-parts.ts';

/** A name, at the beginning of the line or behind a comma. What follows it up to the next one is its value. */
const NAME = /(?:^|, ?)([A-Za-z][\w.]{0,99}): /g;

const REQUEST_ID = new RegExp(`^(?:${PARTS.requestId})$`);

function listPairs(line: string): Member[] {
  const names = [...line.matchAll(NAME)];
  return names.map(({ 0: text, 1: name = '', index }, place) => ({
    name,
    value: line.slice(index + text.length, names[place + 1]?.index ?? line.length),
  }));
}

/**
 * Reads a line of names and values: `requestId: …, ip: …, status: 200`. This is what the Serverless Framework configures
 * where it is told nothing else. Other programs write such lines as well, so one has to bear a request id of API Gateway.
 *
 * @returns `null` if it is none
 * @see {@link https://github.com/oss-serverless/serverless | osls}, `api-gateway/lib/hack/update-stage.js`
 */
export function readPairsLine(line: string, spelling: SpellingOf): AccessLogFields | null {
  const pairs = listPairs(line);
  // The first name stands at the beginning, or it is another kind of text.
  if (pairs[0] === undefined || !line.startsWith(`${pairs[0].name}: `)) return null;
  const fields = certainFields(pairs, spelling);
  return REQUEST_ID.test(fields?.requestId ?? '') ? fields : null;
}
