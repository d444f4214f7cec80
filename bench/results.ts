import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const TITLE = '# Benchmark results';
const FILE = fileURLToPath(new URL('RESULTS.md', import.meta.url));

/**
 * Replaces one section of a document, or appends it, and leaves every other section as it is.
 *
 * @param heading - Of the section, without `##`
 * @param body - What the section says, without headings of its level
 */
export function replaceSection(document: string, heading: string, body: string): string {
  const [title = '', ...sections] = document.split(/^(?=## )/m);
  const section = `## ${heading}\n\n${body.trim()}`;
  const at = sections.findIndex((text) => text.split('\n', 1)[0] === `## ${heading}`);
  if (at === -1) sections.push(section);
  else sections[at] = section;
  return `${[title, ...sections].map((text) => text.trim()).join('\n\n')}\n`;
}

/** When, with what and on what machine: a number without them says nothing. */
function provenance(command: string): string {
  const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}`;
  return `Written by \`${command}\` on ${new Date().toISOString().slice(0, 10)}; ${machine}.`;
}

/** Writes a section of RESULTS.md; what other commands have written stays. */
export function writeResults(command: string, heading: string, body: string): void {
  const document = existsSync(FILE) ? readFileSync(FILE, 'utf8') : TITLE;
  writeFileSync(FILE, replaceSection(document, heading, `${provenance(command)} ${body}`));
}
