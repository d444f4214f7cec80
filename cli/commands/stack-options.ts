import { InvalidArgumentError } from 'commander';

/** The stack that a deployment with the default stage makes. */
export const DEFAULT_STACK = 'gatewatch-prod';

/** Reads the name of a CloudFormation stack. @throws {InvalidArgumentError} For anything else */
export function parseStackName(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the name of a CloudFormation stack, such as gatewatch-prod.');
}

/** Reads the name of a Region. @throws {InvalidArgumentError} For anything else */
export function parseRegion(text: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a Region, such as eu-west-1.');
}

/** The Region as AWS's own command line takes it; the SDK itself does not read `AWS_DEFAULT_REGION`. */
export function regionOf(
  { region }: { readonly region?: string },
  { AWS_REGION, AWS_DEFAULT_REGION }: NodeJS.ProcessEnv,
): string | undefined {
  return region || AWS_REGION || AWS_DEFAULT_REGION || undefined;
}

/** The options for stack and Region that a next command has to repeat; both were checked and need no quotes. */
export function givenStackOptions({
  stack,
  region,
}: {
  readonly stack: string;
  readonly region?: string;
}): string[] {
  return [
    ...(stack === DEFAULT_STACK ? [] : ['--stack', stack]),
    ...(region === undefined ? [] : ['--region', region]),
  ];
}
