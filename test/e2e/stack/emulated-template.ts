import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource, Template } from '#test/infra/template.ts';

const TEMPLATE = '.serverless/cloudformation-template-update-stack.json';
const STATE = '.serverless/serverless-state.json';

type State = { service: { provider: { compiledCloudFormationTemplate: Template } } };

/** Why the emulator cannot make a resource, or `null` if it can. */
function whyNot({ Type, Properties }: Resource): string | null {
  return Type === 'AWS::CloudWatch::Alarm' && Properties.Metrics !== undefined
    ? 'MiniStack 1.5.33 refuses alarms on metric math and Metrics Insights'
    : null;
}

function withoutUnsupported(template: Template): Template {
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).filter(([, resource]) => whyNot(resource) === null),
  );
  return { ...template, Resources };
}

/**
 * Takes out of a packaged stack what the emulator cannot make. Nothing else is changed.
 *
 * @param directory - The project with its `.serverless`; a copy, which is written to
 * @returns What was taken out, and why; the template tests look at these resources
 */
export function removeUnsupported(directory: string): string[] {
  const template = JSON.parse(readFileSync(join(directory, TEMPLATE), 'utf8')) as Template;
  const removed = Object.entries(template.Resources).flatMap(([id, resource]) => {
    const reason = whyNot(resource);
    return reason === null ? [] : [`${id}: ${reason}`];
  });
  writeFileSync(join(directory, TEMPLATE), JSON.stringify(withoutUnsupported(template)));
  // `osls deploy --package` takes the template from its state.
  const state = JSON.parse(readFileSync(join(directory, STATE), 'utf8')) as State;
  const { provider } = state.service;
  provider.compiledCloudFormationTemplate = withoutUnsupported(provider.compiledCloudFormationTemplate);
  writeFileSync(join(directory, STATE), JSON.stringify(state));
  return removed;
}
