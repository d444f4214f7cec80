import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestPackage } from '#test/e2e/stack/deployed-stack.ts';
import type { Template } from '#test/infra/template.ts';

/** The template of 0.1.0 as it was packaged; its functions' code is named by file only. */
const TEMPLATE = join(import.meta.dirname, '../fixtures/release-0.1.0.json');

type State = {
  service: {
    provider: { compiledCloudFormationTemplate: Template };
    functions: Record<string, { handler: string; events: unknown[] }>;
  };
  package: { artifactDirectoryName: string };
};

/**
 * A copy of a packaged stack with the template of the release before it. The functions have today's code, which is
 * not run: what matters are the resources that an update finds.
 */
export function previousRelease(current: TestPackage): TestPackage {
  const directory = mkdtempSync(join(tmpdir(), 'gatewatch-previous-'));
  cpSync(current.directory, directory, { recursive: true, verbatimSymlinks: true });
  const output = join(directory, '.serverless');
  const stateFile = join(output, 'serverless-state.json');
  const state = JSON.parse(readFileSync(stateFile, 'utf8')) as State;
  const template = JSON.parse(readFileSync(TEMPLATE, 'utf8')) as Template;
  const handlers = new Set<string>();
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    handlers.add(Properties.Handler);
    Properties.Code.S3Key = `${state.package.artifactDirectoryName}/${Properties.Code.S3Key}`;
  }
  state.service.provider.compiledCloudFormationTemplate = template;
  // The state refers to the template wherever a function has something of it; events are in the template itself.
  state.service.functions = Object.fromEntries(
    Object.entries(state.service.functions)
      .filter(([, { handler }]) => handlers.has(handler))
      .map(([name, settings]) => [name, { ...settings, events: [] }]),
  );
  writeFileSync(stateFile, JSON.stringify(state));
  writeFileSync(join(output, 'cloudformation-template-update-stack.json'), JSON.stringify(template));
  return {
    ...current,
    directory,
    template,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
