import type { Colors } from 'picocolors/types.js';
import { hang } from '#cli/render/wrap.ts';
import { CAUSES, type CauseSlug } from '#shared/domain/causes/causes.ts';

/** Who has to act, in words. */
const SIDE = {
  client: 'the client',
  gateway: 'the owner of the API',
  backend: 'the owner of the backend',
} as const;

/** How to draw: colours or none, and the width in characters. */
type TextStyle = { readonly colors: Colors; readonly columns: number };

function causeLines(slug: CauseSlug, { colors, columns }: TextStyle): string[] {
  const { meaning, nextStep, side } = CAUSES[slug];
  return [
    colors.bold(slug),
    ...hang('  means  ', meaning, columns),
    ...hang('  next   ', nextStep, columns),
    `  for    ${SIDE[side]}`,
  ];
}

/** Causes of failed requests for a terminal. */
export function renderCausesText(slugs: readonly CauseSlug[], style: TextStyle): string {
  return `${slugs.map((slug) => causeLines(slug, style).join('\n')).join('\n\n')}\n`;
}
