import { describe, expect, it } from 'vitest';
import { readExecutionFacts } from '#shared/domain/logs/execution/read-execution-facts.ts';
import type { ExecutionStory } from '#shared/domain/logs/stories/execution-story.ts';
import { createExecutionLineJoiner } from '#shared/domain/logs/stories/join-execution-lines.ts';
import { createStoryAssembler, type StoryAssembler } from '#shared/domain/logs/stories/story-assembler.ts';
import { EXECUTION_LOG_GROUP } from '#test/fakes/execution-requests.ts';

const MARKER = 'SECRETMARKER';
const ID = '00000000-0000-4000-8000-000000000001';
const LIMIT = 'RestApi a1b2c3, Stage dev, Resource res001, HttpMethod GET. Limit: 5.00 Burst: 10';

/** Every place of every line form where a text of clients, backends or people stands, with the marker in it. */
const TEXTS = [
  `Incoming identity: ${MARKER}`,
  `Incoming identity: {method.request.header.Authorization=${MARKER}}`,
  `Authorizer result body before parsing: {"principalId":"${MARKER}","context":{"token":"${MARKER}"}}`,
  `Using valid authorizer policy for principal: ${MARKER}`,
  `Verifying Usage Plan for request: ${ID}. API Key: ${MARKER} API Stage: a1b2c3/dev`,
  `API Key ${MARKER} authorized because method 'GET /' does not require API Key. Request will not contribute to throttle or quota limits`,
  `API Key ${MARKER} not authorized because method 'GET /' requires API Key and API Key is not associated with a Usage Plan for API Stage a1b2c3/dev: ${MARKER}`,
  `Usage Plan check succeeded for API Key ${MARKER} and API Stage a1b2c3/dev`,
  `API Key: ${MARKER}`,
  `API Key ${MARKER} exceeded throttle limit for API Stage a1b2c3/dev: Key throttle limit exceeded for Usage Plan ID plan01, ${LIMIT}`,
  `API Key ${MARKER} exceeded quota limit for API Stage a1b2c3/dev: Key quota exhausted for Usage Plan ID plan01. Limit: 200 Period: DAY`,
  `HTTP Method: GET, Resource Path: /orders/${MARKER}`,
  `Method request path: {id=${MARKER}}`,
  `Method request query string: {token=${MARKER}}`,
  `Method request headers: {x-api-key=${MARKER}, Authorization=${MARKER}}`,
  `Method request body before transformations: {"password":"${MARKER}"}`,
  `Request validation succeeded for content type ${MARKER}`,
  `Request body does not match model schema for content type ${MARKER}: [${MARKER}]`,
  `Missing required request parameters: [${MARKER}]`,
  `Endpoint request URI: https://example.com/${MARKER}?token=${MARKER}`,
  `Endpoint request headers: {X-Amz-Security-Token=${MARKER}`,
  `Endpoint request body after transformations: ${MARKER}`,
  `Sending request to https://example.com/${MARKER}`,
  `Endpoint response body before transformations: {"errorMessage":"${MARKER}"}`,
  `Endpoint response headers: {Set-Cookie=${MARKER}}`,
  `Method response body after transformations: ${MARKER}`,
  `Method response headers: {Set-Cookie=${MARKER}}`,
  `Lambda execution failed with status 200 due to customer function error: ${MARKER}. Lambda request id: ${ID}`,
  `Lambda execution failed with status 200 due to customer function error: . Lambda request id: ${MARKER}`,
  `Lambda invocation failed with status: 418. ${MARKER}`,
  `Execution failed due to configuration error: ${MARKER}`,
  `Execution failed due to configuration error: Authorizer error ${MARKER}`,
  `Execution failed due to configuration error: Host name '${MARKER}' does not match the certificate`,
  `Execution failed due to a network error communicating with endpoint: ${MARKER}`,
  `Execution failed due to ${MARKER}`,
  `X-ray Tracing ID : Root=1-69a562e0-0123456789abcdef01234567;Custom=${MARKER}`,
  `X-ray Tracing ID : ${MARKER}`,
  `AWS Integration Endpoint RequestId : https://${MARKER}`,
  `Extended Request Id: ${MARKER} and more`,
  `Something that nobody has seen yet: ${MARKER}`,
  MARKER,
];

const PREFIXES = [
  `(${ID}) `,
  '(FIXTUREidPEF_g=) ',
  `2017-06-05T13:57:47.369Z (${ID}) `,
  '2016-10-01T10:55:36.315Z ',
  'Thu Aug 31 01:07:25 UTC 2017 : ',
  '',
];

/** How a text may go on. */
const ENDINGS = ['', ' [TRUNCATED]', `\n(${MARKER}) Unauthorized request: ${MARKER}`, `\n${MARKER}`];

const MESSAGES = PREFIXES.flatMap((prefix) =>
  ENDINGS.flatMap((ending) => TEXTS.map((text) => `${prefix}${text}${ending}`)),
);

/** Those after which more text may come on a line of its own. */
const OPEN_TEXTS = TEXTS.filter((text) => readExecutionFacts(text, text)?.isWhole !== true);

/** All of a story but the path, which is for the local user only. */
function shown(stories: readonly ExecutionStory[]): string {
  return JSON.stringify(stories.map(({ path, ...rest }) => rest));
}

function assemble(assembler: StoryAssembler, messages: readonly string[]): ExecutionStory[] {
  const told = messages.flatMap((message, index) =>
    assembler.add({ id: `${index}`, timestampMs: 1, message, logGroup: EXECUTION_LOG_GROUP, stream: 's' }),
  );
  return [...told, ...assembler.flush()];
}

describe('what no story holds', () => {
  it.each(MESSAGES)('createStoryAssembler() keeps nothing of what others wrote in %j', (message) => {
    const assembler = createStoryAssembler();

    const stories = assemble(assembler, [message]);

    expect(shown(stories)).not.toContain(MARKER);
    expect(JSON.stringify(assembler.rejected)).not.toContain(MARKER);
  });

  it('createStoryAssembler() keeps nothing of it when all lines are joined', () => {
    const stories = assemble(createStoryAssembler(), MESSAGES);

    expect(stories.length).toBeGreaterThan(3);
    expect(shown(stories)).not.toContain(MARKER);
  });

  it('createStoryAssembler() keeps the raw path as path, and nowhere else', () => {
    const [story] = assemble(createStoryAssembler(), [
      `(a) HTTP Method: GET, Resource Path: /orders/${MARKER}`,
    ]);

    expect(story?.path).toBe(`/orders/${MARKER}`);
    expect(JSON.stringify({ ...story, path: null })).not.toContain(MARKER);
  });

  it.each(OPEN_TEXTS)(
    'createStoryAssembler() keeps nothing of a body in a file that follows on %s',
    (text) => {
      const joiner = createExecutionLineJoiner('a.log');
      const lines = [`(${ID}) ${text}`, MARKER, `(${MARKER}) Unauthorized request: ${MARKER}`, `[${MARKER}]`];
      const assembler = createStoryAssembler();

      const events = [...lines.map((line, index) => joiner.add(line, index + 1)), joiner.end()];
      for (const event of events) if (event !== null) assembler.add(event);

      expect(joiner.counts.continuations).toBe(3);
      expect(shown(assembler.flush())).not.toContain(MARKER);
      expect(JSON.stringify(assembler.rejected)).not.toContain(MARKER);
    },
  );

  it('createExecutionLineJoiner() puts no text of a file into ids and counts', () => {
    const joiner = createExecutionLineJoiner('a.log');
    const lines = MESSAGES.flatMap((message) => message.split('\n'));

    const events = lines.map((line, index) => joiner.add(line, index + 1));

    const ids = events.map((event) => event?.id);
    expect(JSON.stringify([ids, joiner.counts])).not.toContain(MARKER);
  });
});
