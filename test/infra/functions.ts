import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { onlyResource, type Resource, resourcesOf, type Template } from '#test/infra/template.ts';

const FUNCTIONS = resolve(import.meta.dirname, '../../functions');

/** The folders that hold a Lambda function, which are also the functions' names. */
export const FUNCTION_NAMES = readdirSync(FUNCTIONS).filter((name) =>
  existsSync(join(FUNCTIONS, name, 'handler.ts')),
);

/** A function of the template with what belongs to it. */
export type PackagedFunction = {
  readonly id: string;
  readonly properties: Resource['Properties'];
  readonly role: Resource['Properties'];
};

/** Finds a function by its folder in a resolved template. */
export function findFunction(template: Template, name: string): PackagedFunction {
  const [id, properties] =
    resourcesOf(template, 'AWS::Lambda::Function').find(
      ([, { Handler }]) => Handler === `functions/${name}/handler.handler`,
    ) ?? [];
  if (id === undefined) throw new Error(`No function runs functions/${name}/handler.ts`);
  const role = template.Resources[properties.Role.replace(/\.Arn$/, '')];
  if (role?.Type !== 'AWS::IAM::Role') throw new Error(`The role of ${name} is not one of the template`);
  return { id, properties, role: role.Properties };
}

/** What Lambda does with a function's failed asynchronous invocations. */
export function invokeConfigOf(template: Template, { id }: PackagedFunction): Resource['Properties'] {
  return onlyResource(template, 'AWS::Lambda::EventInvokeConfig', ({ FunctionName }) => FunctionName === id);
}

/** What lets one who invokes a function do so, by the end of its ARN. */
export function permissionOf(
  template: Template,
  { id }: PackagedFunction,
  sourceEnd: string,
): Resource['Properties'] {
  return onlyResource(
    template,
    'AWS::Lambda::Permission',
    ({ FunctionName, SourceArn }) => FunctionName === `${id}.Arn` && SourceArn.endsWith(sourceEnd),
  );
}

/** The rule of a name that invokes a function. */
export function ruleOf(
  template: Template,
  { id }: PackagedFunction,
  ruleName: string,
): Resource['Properties'] {
  return onlyResource(
    template,
    'AWS::Events::Rule',
    ({ Name, Targets }) => Name === ruleName && Targets[0].Arn === `${id}.Arn`,
  );
}

type ReadEnvironment = (env: NodeJS.ProcessEnv) => unknown;

/** The schema that a function checks its variables with. */
export async function readEnvironmentOf(name: string): Promise<ReadEnvironment> {
  const module: { readEnvironment: ReadEnvironment } = await import(`../../functions/${name}/environment.ts`);
  return module.readEnvironment;
}

/** The names of the variables that a function looks for, told by what it asks an environment without any. */
export function variablesOf(readEnvironment: ReadEnvironment): string[] {
  const names = new Set<string>();
  const nothing: NodeJS.ProcessEnv = new Proxy({}, { has: (_, name) => names.add(String(name)) === null });
  expect(() => readEnvironment(nothing)).toThrow('Cannot start');
  return [...names];
}
