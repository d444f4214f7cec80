import type { CommandContext } from '#cli/commands/context.ts';
import type { EventSource } from '#cli/input/source-event.ts';
import { createProgress, type Progress } from '#cli/progress.ts';

/** Shorter input is done before a bar would be read. */
const PROGRESS_FROM_BYTES = 20_000_000;

/** Access logs shrink about so much; the bundled sample does by 34. */
const GZIP_FACTOR = 20;

/** How much text there is to read, roughly. */
function estimateBytes({ name, size }: EventSource): number {
  return size * (name.endsWith('.gz') ? GZIP_FACTOR : 1);
}

/** Shows how far the sources are read, if there is much to read. */
export function startProgress(sources: readonly EventSource[], context: CommandContext): Progress {
  const isLong = sources.reduce((sum, source) => sum + estimateBytes(source), 0) >= PROGRESS_FROM_BYTES;
  const progress = createProgress(context.stderr, isLong);
  const totalSize = sources.reduce((sum, { size }) => sum + size, 0);
  progress.start('reading   ', totalSize);
  return progress;
}
