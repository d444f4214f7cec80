/** How people name the keys of their access-log formats. */
export const NAMING_STYLES = [
  'variable',
  '$context',
  'camelCase',
  'snake_case',
  'kebab-case',
  'nested',
] as const;

type Value = string | number | null;

type Style = {
  readonly naming: (typeof NAMING_STYLES)[number];
  /** What stands for a variable without value; `undefined` leaves the key out. */
  readonly absent: string | null | undefined;
  /** Whether numbers stand in quotes. */
  readonly isQuoted: boolean;
};

function words(variable: string): string[] {
  return variable
    .replace(/([A-Z])/g, '.$1')
    .toLowerCase()
    .split('.');
}

function pathOf(variable: string, naming: Style['naming']): string[] {
  switch (naming) {
    case 'variable':
      return [variable];
    case '$context':
      return [`$context.${variable}`];
    case 'camelCase':
      return [variable.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase())];
    case 'snake_case':
      return [words(variable).join('_')];
    case 'kebab-case':
      return [words(variable).join('-')];
    case 'nested':
      return variable.split('.');
  }
}

type Node = { [key: string]: Node | Value };

function put(node: Node, path: readonly string[], value: Value): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) node[key] = value;
  else {
    const inner = node[key];
    const child: Node = typeof inner === 'object' && inner !== null ? inner : {};
    node[key] = child;
    put(child, rest, value);
  }
}

/** An access-log line as an object, from values by `$context` variable; `null` for those without one. */
export function nameFacts(facts: Readonly<Record<string, Value>>, style: Style): object {
  const line: Node = {};
  for (const [variable, value] of Object.entries(facts)) {
    const path = pathOf(variable, style.naming);
    if (value !== null) put(line, path, style.isQuoted ? String(value) : value);
    else if (style.absent !== undefined) put(line, path, style.absent);
  }
  return line;
}
