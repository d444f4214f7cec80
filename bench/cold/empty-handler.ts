type Constructed = { readonly from: string; readonly name: string; readonly times: number };

const IMPORT = /^import \{([^}]*)\} from '([^']+)';/gm;

function isType(name: string): boolean {
  return name.startsWith('type ');
}

/** What a handler constructs of the packages that it imports by name, in the order of its imports. */
function findConstructed(handler: string): Constructed[] {
  return [...handler.matchAll(IMPORT)].flatMap(([, names = '', from = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !isType(name))
      .map((name) => ({ from, name, times: handler.split(`new ${name}(`).length - 1 }))
      .filter(({ times }) => times > 0),
  );
}

/**
 * Writes a handler that does nothing, but constructs what another one does of some packages, as often. What a
 * function's file takes longer to load than this is its own code.
 *
 * @param handler - Source of the other handler, as Biome formats it
 * @param packages - What the names of the packages begin with
 * @throws {Error} If the other handler constructs nothing of them, so that nothing would be compared
 */
export function writeEmptyHandler(handler: string, packages: readonly string[]): string {
  const constructed = findConstructed(handler).filter(({ from }) =>
    packages.some((start) => from.startsWith(start)),
  );
  if (constructed.length === 0) throw new Error(`The handler constructs nothing of ${packages.join(', ')}`);
  const imports = constructed.map(({ from, name }) => `import { ${name} } from '${from}';`);
  const clients = constructed.flatMap(({ name, times }) => Array<string>(times).fill(`new ${name}()`));
  return [
    ...imports,
    `const clients = [${clients.join(', ')}];`,
    'export const handler = async () => clients.length;',
    '',
  ].join('\n');
}
