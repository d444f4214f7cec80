import { type Permission, parsePermissions } from '#test/e2e/gateway/permissions.ts';
import type { Upstream } from '#test/e2e/gateway/upstream.ts';

/** Tells what a caller may do: a function what its role allows as it is deployed, others what they were granted. */
export type RolePermissions = {
  /** For a caller that is no function. */
  readonly grant: (caller: string, permissions: readonly Permission[]) => void;
  readonly of: (caller: string) => Promise<readonly Permission[]>;
  /** After a deployment: what was read before is out of date. */
  readonly forget: () => void;
};

function iamCall(parameters: Readonly<Record<string, string>>): Parameters<Upstream['call']>[1] {
  return {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams({ Version: '2010-05-08', ...parameters }).toString()),
  };
}

function membersOf(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(
    ([, value = '']) => value,
  );
}

async function readPermissions(upstream: Upstream, functionName: string): Promise<Permission[]> {
  const configuration = await upstream.call('lambda', {
    method: 'GET',
    path: `/2015-03-31/functions/${functionName}/configuration`,
    body: Buffer.alloc(0),
  });
  const { Role } = JSON.parse(configuration) as { Role: string };
  const RoleName = Role.split('/').at(-1) ?? '';
  const names = membersOf(
    await upstream.call('iam', iamCall({ Action: 'ListRolePolicies', RoleName })),
    'member',
  );
  const documents = await Promise.all(
    names.map(async (PolicyName) => {
      const answer = await upstream.call('iam', iamCall({ Action: 'GetRolePolicy', RoleName, PolicyName }));
      return decodeURIComponent(membersOf(answer, 'PolicyDocument')[0] ?? '');
    }),
  );
  return documents.flatMap((document) => parsePermissions(JSON.parse(document)));
}

/** Reads the inline policies of the roles that the emulator keeps but does not enforce. */
export function createRolePermissions(upstream: Upstream): RolePermissions {
  const granted = new Map<string, readonly Permission[]>();
  const known = new Map<string, Promise<readonly Permission[]>>();
  return {
    grant: (caller, permissions) => {
      granted.set(caller, permissions);
    },
    of: async (caller) => {
      const grant = granted.get(caller);
      if (grant !== undefined) return grant;
      const permissions = known.get(caller) ?? readPermissions(upstream, caller);
      known.set(caller, permissions);
      return permissions;
    },
    forget: () => known.clear(),
  };
}
