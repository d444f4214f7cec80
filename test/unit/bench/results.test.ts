import { describe, expect, it } from 'vitest';
import { replaceSection } from '#bench/results.ts';

const DOCUMENT = '# Results\n\n## First\n\nOne.\n\n## Second\n\nTwo.\n';

describe('replaceSection()', () => {
  it('replaces a section and keeps the others', () => {
    expect(replaceSection(DOCUMENT, 'First', 'New.\n')).toBe(
      '# Results\n\n## First\n\nNew.\n\n## Second\n\nTwo.\n',
    );
    expect(replaceSection(DOCUMENT, 'Second', 'New.')).toBe(
      '# Results\n\n## First\n\nOne.\n\n## Second\n\nNew.\n',
    );
  });

  it('appends a section that is not there, also to a title alone', () => {
    expect(replaceSection(DOCUMENT, 'Sec', 'Three.')).toBe(`${DOCUMENT}\n## Sec\n\nThree.\n`);
    expect(replaceSection('# Results', 'First', 'One.')).toBe('# Results\n\n## First\n\nOne.\n');
  });

  it('changes nothing when a section is written again', () => {
    expect(replaceSection(DOCUMENT, 'First', 'One.')).toBe(DOCUMENT);
  });
});
