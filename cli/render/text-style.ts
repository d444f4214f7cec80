import type { Colors } from 'picocolors/types.js';

/** How to draw: colours or none, and the width in characters. */
export type TextStyle = { readonly colors: Colors; readonly columns: number };

/** The title of a part of the report. */
export function heading(title: string, { colors }: TextStyle): string {
  return `\n${colors.bold(title)}`;
}
