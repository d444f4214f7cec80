import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

/** The promise about all counts, as it was decided. Who changes a word changes what the ledger has to keep. */
const PROMISE =
  "A delivered batch is counted once through retries, repeat delivery and partial sends, except where CloudWatch's answer was lost: the true count lies in [sum − PossiblyRepeatedEvents, sum]. Not covered: an event redelivered inside a different batch, events never delivered to us, points CloudWatch accepted and lost.";

it('docs/metrics.md says what is true of the counts, word for word', async () => {
  const page = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

  expect(page.split('\n')).toContain(PROMISE);
});
