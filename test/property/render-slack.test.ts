import fc from 'fast-check';
import { it } from 'vitest';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { hostileText } from '#test/fakes/arbitraries.ts';
import { hasOpenMarkup, validateSlackMessage } from '#test/fakes/block-kit-validator.ts';

const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

const summary: fc.Arbitrary<IncidentSummary> = fc.record({
  announcement: fc.constantFrom('opened', 'worse', 'reopened', 'closed', 'merged', 'unknown', 'changed'),
  title: hostileText,
  severity: fc.constantFrom('warning', 'critical'),
  place: hostileText,
  openedAtMs: time,
  endedAtMs: fc.option(time),
  duration: fc.constantFrom('41 s', '7 min', '2 h 5 min'),
  facts: fc.array(fc.record({ label: hostileText, value: hostileText }), { maxLength: 10 }),
  nextStep: fc.option(hostileText),
  links: fc.array(
    fc.record({
      label: hostileText,
      url: fc.oneof(
        hostileText,
        fc.webUrl(),
        hostileText.map((text) => `https://x/${text}`),
      ),
    }),
    { maxLength: 8 },
  ),
  dataDelaySeconds: fc.nat(),
  findingsLeftOut: fc.nat(),
  unknownSinceMs: fc.option(time),
  mutedUntilMs: fc.option(time),
  isRepeat: fc.boolean(),
  isJudged: fc.boolean(),
  isDrill: fc.boolean(),
});

it('renderSlackMessage() makes a message that Slack takes of any text', () => {
  fc.assert(
    fc.property(summary, (given) => validateSlackMessage(renderSlackMessage(given)).length === 0),
    { numRuns: 1_000 },
  );
});

it('renderSlackMessage() lets no bracket of a text stand as markup', () => {
  const property = fc.property(summary, (given) => {
    const { text, blocks } = renderSlackMessage(given);

    const mrkdwn = blocks.flatMap((block) => {
      if (block.type === 'section') return block.text?.text ?? '';
      return block.type === 'context'
        ? block.elements.map((element) => ('text' in element ? element.text : ''))
        : [];
    });
    return mrkdwn.length > 0 && [text, ...mrkdwn].every((part) => !hasOpenMarkup(part));
  });

  fc.assert(property, { numRuns: 1_000 });
});
