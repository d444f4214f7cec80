import type { AwsCall } from '#test/fakes/aws-server.ts';
import { ACCOUNT_ID, REGION, type Resource } from '#test/infra/template.ts';

/** One statement of a policy, its lists spelled out as lists. */
export type Statement = {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

function toList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** All statements of a role's policies. */
export function statementsOf(role: Resource['Properties']): Statement[] {
  const policies: Resource['Properties'][] = role.Policies;
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Effect, Action, Resource, Condition = {} }) => ({
      Effect,
      Action: toList(Action),
      Resource: toList(Resource),
      Condition,
    }));
}

/** Every permission of a role as `action on resource`. */
export function permissionsOf(role: Resource['Properties']): string[] {
  return statementsOf(role).flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => Resource.map((resource) => `${action} on ${resource}`)),
  );
}

/** The resource of a call as policies name it. Tables and buses are called by name, which is their id here. */
function toPolicyResource({ action, resource }: AwsCall): string {
  const [service] = action.split(':');
  if (service === 'cloudwatch' || service === 'servicequotas') return '*';
  if (service === 'apigateway') return `arn:aws:apigateway:${REGION}::${resource}`;
  if (service === 'ssm')
    return `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter/${resource.replace(/^\//, '')}`;
  if (service === 'sns') return resource;
  const [name, ...index] = resource.split('/');
  return [`${name}.Arn`, ...index].join('/');
}

/** The permission that a call needs, as `action on resource`. */
export function permissionFor(call: AwsCall): string {
  return `${call.action} on ${toPolicyResource(call)}`;
}
