import type { Template } from '#test/infra/template.ts';

/** The texts in a value that may name resources: those of `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, content]) => {
    if (key === 'Ref') return [content];
    if (key === 'Fn::GetAtt') return [content[0]];
    if (key === 'DependsOn') return [content].flat();
    if (key === 'Fn::Sub') return [...String(content).matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? '');
    return namesIn(content);
  });
}

/**
 * Everything that a resource depends on, also through others. CloudFormation makes all of it before the resource, and
 * deletes all of it after the resource.
 *
 * @param template - As it was packaged, with its intrinsic functions
 */
export function dependenciesOf(template: Template, id: string): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const next of namesIn(template.Resources[name])) {
      if (found.has(next) || template.Resources[next] === undefined) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(id);
  return found;
}
