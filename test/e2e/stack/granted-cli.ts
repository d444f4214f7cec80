import { e2e } from '#test/e2e/e2e.ts';
import {
  allows,
  describePermission,
  type Permission,
  parsePermissions,
} from '#test/e2e/gateway/permissions.ts';
import { emulatorEnvironment } from '#test/e2e/stack/osls.ts';
import { type CliRun, runCli } from '#test/integration/run-cli.ts';

/** What the command line calls itself. */
const CALLER = 'gatewatch-cli';

/** A command as a process that may do what the command prints that it needs, and nothing else. */
export type GrantedCli = {
  readonly run: (...args: string[]) => Promise<CliRun>;
  /** What it could have done and never did, and what it was denied. */
  readonly misfits: () => { readonly unused: string[]; readonly denied: string[] };
};

/** Prepares a command for runs in the emulated account. Only one at a time has its permissions. */
export function grantCli(command: string): GrantedCli {
  let permissions: readonly Permission[] = [];
  const firstCall = e2e.aws.gateway.calls.length;
  const calls = () => e2e.aws.gateway.calls.slice(firstCall).filter(({ caller }) => caller === CALLER);
  return {
    run: async (...args) => {
      const policy = await runCli([command, '--iam', '--region', 'us-east-1']);
      permissions = parsePermissions(JSON.parse(policy.stdout));
      e2e.aws.gateway.roles.grant(CALLER, permissions);
      return runCli([command, ...args], { env: emulatorEnvironment(e2e.aws.gateway.url) });
    },
    misfits: () => ({
      unused: permissions
        .filter((permission) => !calls().some((call) => allows(permission, call)))
        .map(describePermission),
      denied: calls()
        .filter(({ wasDenied }) => wasDenied)
        .map(({ action, resource }) => `${action} on ${resource}`),
    }),
  };
}
