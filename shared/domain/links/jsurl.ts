/** What the console's addresses carry: a value as JSON has it, without `null`. */
export type JsurlValue =
  | string
  | number
  | boolean
  | readonly JsurlValue[]
  | { readonly [name: string]: JsurlValue };

/** `*` and two hexadecimal digits, `**` and four; what no address has to escape stays. */
function encodeText(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, (character) => {
    const code = character.charCodeAt(0);
    const digits = code.toString(16);
    return code < 0x100 ? `*${digits.padStart(2, '0')}` : `**${digits.padStart(4, '0')}`;
  });
}

/**
 * Encodes a value as the CloudWatch console does in its addresses: `~(view~'timeSeries~period~60)`. AWS does not
 * document it; it is JSURL, and console addresses that people share are read by its decoder.
 *
 * @see {@link https://github.com/Sage/jsurl}
 */
export function encodeJsurl(value: JsurlValue): string {
  if (typeof value === 'string') return `~'${encodeText(value)}`;
  if (typeof value !== 'object') return `~${value}`;
  if (Array.isArray(value)) return value.length === 0 ? '~(~)' : `~(${value.map(encodeJsurl).join('')})`;
  const entries = Object.entries(value).map(([name, entry]) => `${encodeText(name)}${encodeJsurl(entry)}`);
  return `~(${entries.join('~')})`;
}
