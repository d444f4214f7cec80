import type { Command } from 'commander';
import picocolors from 'picocolors';
import type { CommandContext } from '#cli/commands/context.ts';
import { UsageError } from '#cli/errors.ts';
import { renderCausesText } from '#cli/render/causes-text.ts';
import { CAUSE_SLUGS, CAUSES, type CauseSlug } from '#shared/domain/causes/causes.ts';

type Options = { readonly json?: true };

/** A slug, or the family in front of its dot, which stands for all of it. */
function find(name: string): CauseSlug[] {
  const found = CAUSE_SLUGS.filter((slug) => slug === name || slug.startsWith(`${name}.`));
  if (found.length === 0) {
    throw new UsageError(`${name} is no cause; run gatewatch causes without arguments to see all of them`);
  }
  return found;
}

function run(names: readonly string[], options: Options, context: CommandContext): void {
  const slugs = names.length === 0 ? CAUSE_SLUGS : [...new Set(names.flatMap(find))];
  if (options.json === true) {
    const causes = slugs.map((slug) => ({ slug, ...CAUSES[slug] }));
    context.stdout.write(`${JSON.stringify(causes, null, 2)}\n`);
    return;
  }
  const { columns, hasColors } = context;
  context.stdout.write(renderCausesText(slugs, { columns, colors: picocolors.createColors(hasColors) }));
}

const EXAMPLES = `
Examples:
  $ gatewatch causes                             all of them
  $ gatewatch causes throttle.unknown-level      what one means, and what to do next
  $ gatewatch causes integration auth --json     two families, for programs

Exit codes: 0 done; 2 wrong usage.`;

/** Adds `gatewatch causes`. */
export function addCausesCommand(program: Command, context: CommandContext): void {
  program
    .command('causes')
    .summary('what the causes of failed requests mean, and what to do next')
    .description(
      'Prints what each cause of a failed request means and what to do next: the words that messages use (docs/causes.md).',
    )
    .argument('[slug...]', 'causes such as integration.timeout, or families such as integration')
    .option('--json', 'print a JSON array')
    .addHelpText('after', EXAMPLES)
    .action((names: string[], options: Options) => run(names, options, context));
}
