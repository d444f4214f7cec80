import { describe, expect, it } from 'vitest';
import { renderFormat, variablesOf } from '#shared/domain/logging/render-format.ts';

describe('variablesOf()', () => {
  it.each([
    ['"$context.status"', ['status']],
    ['$context.status.', ['status']],
    ['$context.authorizer.claims.sub,$context.path', ['authorizer.claims.sub', 'path']],
    ['$context.identity.sourceIp - -', ['identity.sourceIp']],
    ['$context.stage/$context.stage', ['stage']],
    ['$input.body $stageVariables.x $contextual', []],
    ['', []],
  ])('variablesOf() finds those of %s', (format, variables) => {
    expect(variablesOf(format)).toEqual(variables);
  });

  it('variablesOf() takes no longer than a moment for a hostile format', () => {
    const format = `$context.${'a.'.repeat(50_000)}`;

    expect(variablesOf(format)).toHaveLength(1);
  });
});

describe('renderFormat()', () => {
  it('renderFormat() puts values in as they are, with no regard to quotes or patterns', () => {
    const line = renderFormat('{"a":"$context.path","b":$context.status}', (variable) => `$&"${variable}`);

    expect(line).toBe('{"a":"$&"path","b":$&"status}');
  });
});
