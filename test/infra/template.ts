/** A resource of a template; what is in its properties depends on its type. */
export type Resource = {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation has a thousand types, and a wrong path fails the test.
  readonly Properties: any;
};

export type Template = {
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
};

export const ACCOUNT_ID = '123456789012';
export const REGION = 'us-east-1';

const PSEUDO_PARAMETERS: Readonly<Record<string, string | undefined>> = {
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::NoValue': undefined,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
};

/** A resource's ARN stands for itself: `LedgerTable.Arn`. Only a topic is referred to by its ARN. */
function reference(template: Template, name: string): string | undefined {
  if (name in PSEUDO_PARAMETERS) return PSEUDO_PARAMETERS[name];
  const type = template.Resources[name]?.Type;
  if (type === undefined) throw new Error(`The template refers to ${name}, which is not in it`);
  return type === 'AWS::SNS::Topic' ? `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}` : name;
}

function attribute(template: Template, name: string, attributeName: string): string {
  return `${reference(template, name)}.${attributeName}`;
}

function substitute(template: Template, text: string): string {
  return text.replace(/\$\{([\w:]+)(?:\.(\w+))?\}/g, (_, name: string, attributeName?: string) =>
    attributeName === undefined
      ? (reference(template, name) ?? '')
      : attribute(template, name, attributeName),
  );
}

type Intrinsic = (template: Template, argument: unknown) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (template, name) => reference(template, name as string),
  'Fn::Equals': (template, argument) => {
    const [a, b] = resolveValue(template, argument) as [unknown, unknown];
    return a === b;
  },
  'Fn::GetAtt': (template, argument) => attribute(template, ...(argument as [string, string])),
  'Fn::If': (template, argument) => {
    const [condition, then, otherwise] = argument as [string, unknown, unknown];
    return resolveValue(template, isTrue(template, condition) ? then : otherwise);
  },
  'Fn::Join': (template, argument) => {
    const [separator, parts] = resolveValue(template, argument) as [string, string[]];
    return parts.join(separator);
  },
  'Fn::Not': (template, argument) => !(resolveValue(template, argument) as [boolean])[0],
  'Fn::Split': (template, argument) => {
    const [separator, text] = resolveValue(template, argument) as [string, string];
    return text.split(separator);
  },
  'Fn::Sub': (template, text) => substitute(template, text as string),
};

/** The value of one of the template's conditions. */
function isTrue(template: Template, condition: string): boolean {
  return resolveValue(template, template.Conditions[condition]) as boolean;
}

/** Does what CloudFormation does with the intrinsic functions that the template uses. */
function resolveValue(template: Template, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item) => resolveValue(template, item)).filter((item) => item !== undefined);
  }
  const [[name, argument] = ['', null]] = Object.entries(value);
  const intrinsic = INTRINSICS[name];
  if (intrinsic !== undefined) return intrinsic(template, argument);
  if (name.startsWith('Fn::')) throw new Error(`The template uses ${name}, which is not known here`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveValue(template, item)]));
}

/** The template as it is deployed: conditions applied, values resolved. */
export function resolveTemplate(template: Template): Template {
  const deployed = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || isTrue(template, Condition),
  );
  const Resources = Object.fromEntries(
    deployed.map(([id, resource]) => [
      id,
      { ...resource, Properties: resolveValue(template, resource.Properties) } as Resource,
    ]),
  );
  return { ...template, Resources };
}

/** All resources of a type, by their ids. */
export function resourcesOf(template: Template, type: string): [string, Resource['Properties']][] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties]);
}

/** The only resource of a type whose properties fulfil a condition. */
export function onlyResource(
  template: Template,
  type: string,
  isWanted: (properties: Resource['Properties']) => boolean = () => true,
): Resource['Properties'] {
  const found = resourcesOf(template, type).filter(([, properties]) => isWanted(properties));
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} instead of one`);
  return found[0]?.[1];
}
