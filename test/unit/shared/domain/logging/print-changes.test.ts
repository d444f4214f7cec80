import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANGE_LANGUAGES } from '#shared/domain/logging/change-language.ts';
import { createLoggingChange, type LoggingChange } from '#shared/domain/logging/logging-change.ts';
import { printChanges } from '#shared/domain/logging/print-changes.ts';
import { quoteTerraform } from '#shared/domain/logging/print-terraform.ts';
import { quoteShell } from '#shared/domain/logging/quote-shell.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';
import type { ApiType } from '#shared/domain/logs/access/request.ts';

const REGION = 'eu-west-1';

/** A name that would break out of comments, quotes and identifiers. */
const EVIL = `orders\n$(touch /tmp/owned)\u2028\`id\`\u001b[31m"'\${aws.x}%{ if true }`;

function change(apiType: ApiType, differences: Partial<LoggingChange> = {}): LoggingChange {
  const stage = { apiId: 'a1b2c3', apiName: 'orders-api', apiType, stage: 'prod', apiGatewayManaged: false };
  return { ...createLoggingChange(stage, null), ...differences };
}

/** Has all of its format; only its log group does not exist. */
const LOST = change('REST', {
  apiId: 'r4',
  kind: 'restore',
  logGroup: '/logs/gone',
  format: '{"mine":"$context.status"}',
  updatesStage: false,
});

/** Made by quick create. */
const MANAGED = change('HTTP', { apiId: 'h9', stage: '$default', apiGatewayManaged: true });

const CHANGES: readonly LoggingChange[] = [
  change('REST'),
  change('HTTP', { apiId: 'h1', stage: '$default' }),
  change('WEBSOCKET', { apiId: 'w1', apiName: EVIL }),
  change('REST', { apiId: 'r2', kind: 'reformat', logGroup: "/logs/it's" }),
  change('REST', { apiId: 'r3', kind: 'move' }),
];

/** What a shell would call, each with its arguments, as the programs get them. */
function callsOf(script: string): string[][] {
  const stub = String.raw`aws() {
    if [ "$1" = sts ]; then printf 123456789012; return; fi
    printf '%s\0' "$@" END
  }
  `;
  const output = execFileSync('bash', ['-euc', stub + script], { encoding: 'utf8' });
  return output
    .split('\0END\0')
    .filter((call) => call !== '')
    .map((call) => call.split('\0'));
}

type PatchOperation = { readonly op: string; readonly path: string; readonly value: string };

describe('printChanges() for the AWS CLI', () => {
  const calls = callsOf(printChanges(CHANGES, 'cli', REGION));
  const updates = calls.filter(([, action]) => action === 'update-stage');

  it('printChanges() runs in a shell, and does nothing but what it says', () => {
    expect(calls.map(([service, action]) => `${service} ${action}`)).toEqual([
      'logs create-log-group',
      'logs put-retention-policy',
      'apigateway update-stage',
      'logs create-log-group',
      'logs put-retention-policy',
      'apigatewayv2 update-stage',
      'logs create-log-group',
      'logs put-retention-policy',
      'apigatewayv2 update-stage',
      'apigateway update-stage',
      'logs create-log-group',
      'logs put-retention-policy',
      'apigateway update-stage',
    ]);
  });

  it('printChanges() makes the log group with a retention', () => {
    const [make, retain] = calls;

    expect(make).toEqual(['logs', 'create-log-group', '--log-group-name', CHANGES[0]?.logGroup]);
    expect(retain?.slice(2)).toEqual(['--log-group-name', CHANGES[0]?.logGroup, '--retention-in-days', '30']);
  });

  it('printChanges() gives a REST stage patch operations with exactly the format', () => {
    const [, , ...args] = updates[0] ?? [];

    expect(args.slice(0, 5)).toEqual([
      '--rest-api-id',
      'a1b2c3',
      '--stage-name',
      'prod',
      '--patch-operations',
    ]);
    expect(JSON.parse(args[5] ?? '')).toEqual([
      {
        op: 'replace',
        path: '/accessLogSettings/destinationArn',
        value: `arn:aws:logs:eu-west-1:123456789012:log-group:${CHANGES[0]?.logGroup}`,
      },
      { op: 'replace', path: '/accessLogSettings/format', value: RECOMMENDED_FORMATS.REST },
    ]);
  });

  it('printChanges() leaves the destination of a REST stage alone that needs only a format', () => {
    const operations = JSON.parse(updates[3]?.at(-1) ?? '') as PatchOperation[];

    expect(operations.map(({ path }) => path)).toEqual(['/accessLogSettings/format']);
  });

  it.each([
    [1, 'HTTP', '$default'],
    [2, 'WEBSOCKET', 'prod'],
  ] as const)('printChanges() gives stage %i, of an %s API, access-log settings', (index, apiType, stage) => {
    const args = updates[index] ?? [];

    expect(args.slice(4, 7)).toEqual(['--stage-name', stage, '--access-log-settings']);
    expect(JSON.parse(args[7] ?? '')).toEqual({
      DestinationArn: `arn:aws:logs:eu-west-1:123456789012:log-group:${CHANGES[index]?.logGroup}`,
      Format: RECOMMENDED_FORMATS[apiType],
    });
  });

  it('printChanges() names the partition of the Region', () => {
    expect(printChanges([change('REST')], 'cli', 'cn-north-1')).toContain('"arn:aws-cn:logs:cn-north-1:');
  });

  it('quoteShell() makes one word that a shell takes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 50 }), (texts) => {
        const words = texts.map((text) => text.replaceAll('\0', ''));
        const script = `printf '%s\\0' ${words.map(quoteShell).join(' ')}`;
        return execFileSync('bash', ['-c', script], { encoding: 'utf8' }) === `${words.join('\0')}\0`;
      }),
      { numRuns: 20 },
    );
  });
});

type Template = {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
  >;
};

describe('printChanges() for CloudFormation', () => {
  const { Resources } = JSON.parse(printChanges(CHANGES, 'cloudformation', REGION)) as Template;
  const stages = Object.values(Resources).filter(({ Type }) => Type.endsWith('::Stage'));

  it('printChanges() names all resources differently, with letters and digits', () => {
    expect(Object.keys(Resources)).toHaveLength(9);
    for (const name of Object.keys(Resources)) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]{0,254}$/);
  });

  it('printChanges() gives a stage its format unchanged, and the log group by reference', () => {
    expect(stages[0]).toMatchObject({
      Type: 'AWS::ApiGateway::Stage',
      Properties: {
        RestApiId: 'a1b2c3',
        StageName: 'prod',
        AccessLogSetting: {
          DestinationArn: {
            'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${OrdersApiProdAccessLog}`,
          },
          Format: RECOMMENDED_FORMATS.REST,
        },
      },
    });
    expect(Resources['OrdersApiProdAccessLog']?.Properties).toEqual({
      LogGroupName: CHANGES[0]?.logGroup,
      RetentionInDays: 30,
    });
  });

  it('printChanges() writes stages of HTTP and WebSocket APIs as those of API Gateway v2', () => {
    expect(stages.slice(1, 3).map(({ Type, Properties }) => [Type, Properties['AccessLogSettings']])).toEqual(
      [
        ['AWS::ApiGatewayV2::Stage', expect.objectContaining({ Format: RECOMMENDED_FORMATS.HTTP })],
        ['AWS::ApiGatewayV2::Stage', expect.objectContaining({ Format: RECOMMENDED_FORMATS.WEBSOCKET })],
      ],
    );
  });

  it('printChanges() makes no log group that is there already', () => {
    const made = Object.values(Resources).map(({ Properties }) => Properties['LogGroupName']);

    expect(made).not.toContain("/logs/it's");
  });
});

/** Reads a quoted string as Terraform does, where it holds no interpolation. */
function unquoteTerraform(text: string): string {
  const literal = text.replaceAll('$${', '${').replaceAll('%%{', '%{');
  return JSON.parse(literal) as string;
}

describe('printChanges() for Terraform', () => {
  const text = printChanges(CHANGES, 'terraform', REGION);

  it('printChanges() writes each format once, so that it reads back the same', () => {
    const formats = [...text.matchAll(/^ {2}gatewatch_(\w+)_format += (".*")$/gm)].map(([, type, value]) => [
      type,
      unquoteTerraform(value ?? ''),
    ]);

    expect(formats).toEqual([
      ['rest', RECOMMENDED_FORMATS.REST],
      ['http', RECOMMENDED_FORMATS.HTTP],
      ['websocket', RECOMMENDED_FORMATS.WEBSOCKET],
    ]);
  });

  it('printChanges() refers to resources that it has, under names of their own', () => {
    const made = [...text.matchAll(/^(?:resource|data) "aws_cloudwatch_log_group" "([a-z0-9_]+)" \{$/gm)].map(
      ([, name]) => name,
    );
    const used = [...text.matchAll(/aws_cloudwatch_log_group\.(\w+)\.arn/g)].map(([, name]) => name);

    expect(new Set(made).size).toBe(CHANGES.length);
    expect(used).toEqual(made);
  });

  it.each([
    ['$context.status', '"$context.status"'],
    ['a "quoted" \\ text', '"a \\"quoted\\" \\\\ text"'],
    [`\${var.x} and %{ if }`, `"$\${var.x} and %%{ if }"`],
    ['two\nlines', '"two\\nlines"'],
  ])('quoteTerraform() writes %j', (plain, quoted) => {
    expect(quoteTerraform(plain)).toBe(quoted);
    expect(unquoteTerraform(quoted)).toBe(plain);
  });
});

/** Names that a shell would run, were they not quoted. */
function hostileNames(file: string): string[] {
  const run = `touch ${file}`;
  return [
    `$(${run})`,
    `\`${run}\``,
    `'; ${run}; '`,
    `"; ${run}; "`,
    `x\n${run}\n`,
    `x\r${run}`,
    `\\'; ${run} #`,
    `\${x:=$(${run})}`,
    `!!; ${run}`,
    `<(${run})`,
    `& ${run} &`,
  ];
}

describe('printChanges() for the AWS CLI, of APIs with hostile names', () => {
  it.each([
    ['a script', ['-uc'], ''],
    [
      'a terminal that knows no comments',
      ['--norc', '--noprofile', '-i', '-uc'],
      'shopt -u interactive_comments\n',
    ],
  ])('printChanges() lets no name of an API run in %s', async (_, args, first) => {
    const folder = await mkdtemp(join(tmpdir(), 'gatewatch-'));
    const file = join(folder, 'owned');
    const evil = [...hostileNames(file), ...hostileNames(file).map((name) => `it's ${name}`)];
    const changes = evil.flatMap((apiName) => [
      change('REST', { apiName }),
      { ...LOST, apiName },
      { ...MANAGED, apiName },
    ]);
    const script = `${first}aws() { printf '%s\\n' 123456789012; }\n${printChanges(changes, 'cli', REGION)}echo done`;
    const { stdout, status } = spawnSync('bash', [...args, script], { encoding: 'utf8' });

    expect({ status, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({ status: 0, last: 'done' });
    expect(existsSync(file)).toBe(false);
    await rm(folder, { recursive: true });
  });

  it('printChanges() has no line that begins with a comment, which zsh would run', () => {
    expect(printChanges([...CHANGES, LOST, MANAGED], 'cli', REGION)).not.toMatch(/^\s*#/m);
  });
});

describe('printChanges() of a stage that only lacks its log group', () => {
  it('printChanges() makes the group by the AWS CLI, and asks for nothing else', () => {
    const text = printChanges([LOST], 'cli', REGION);

    expect(callsOf(text).map((call) => call.slice(0, 4))).toEqual([
      ['logs', 'create-log-group', '--log-group-name', '/logs/gone'],
      ['logs', 'put-retention-policy', '--log-group-name', '/logs/gone'],
    ]);
    expect(text).not.toMatch(/ACCOUNT_ID|_FORMAT|cloudwatchRoleArn/);
  });

  it('printChanges() makes the group by CloudFormation', () => {
    const { Resources } = JSON.parse(printChanges([LOST], 'cloudformation', REGION)) as Template;

    expect(Object.values(Resources)).toMatchObject([
      { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/logs/gone' } },
    ]);
  });

  it('printChanges() makes the group by Terraform', () => {
    const text = printChanges([LOST], 'terraform', REGION);

    expect(text).toContain('resource "aws_cloudwatch_log_group"');
    expect(text).not.toMatch(/locals|access_log_settings/);
  });
});

describe('printChanges() of two stages with one log group that does not exist', () => {
  const both = [LOST, change('HTTP', { apiId: 'h5', kind: 'reformat', logGroup: LOST.logGroup })];

  it('printChanges() refers by Terraform to the group that it makes', () => {
    const text = printChanges(both, 'terraform', REGION);

    expect(text).toContain('= aws_cloudwatch_log_group.access_log_orders_api_prod.arn');
    expect(text).not.toMatch(/^data/m);
  });

  it('printChanges() refers by CloudFormation to the group that it makes', () => {
    expect(printChanges(both, 'cloudformation', REGION)).toContain(`log-group:\${OrdersApiProdAccessLog}`);
  });
});

describe('printChanges() of a stage that quick create made', () => {
  it('printChanges() overrides it by CloudFormation', () => {
    const { Resources } = JSON.parse(printChanges([MANAGED], 'cloudformation', REGION)) as Template;

    expect(Object.values(Resources)[1]).toMatchObject({
      Type: 'AWS::ApiGatewayV2::ApiGatewayManagedOverrides',
      Properties: { ApiId: 'h9', Stage: { AccessLogSettings: { Format: RECOMMENDED_FORMATS.HTTP } } },
    });
  });

  it.each(['cli', 'terraform'] as const)('printChanges() only says so for %s', (language) => {
    const text = printChanges([MANAGED], language, REGION);

    expect(text).toContain('AWS::ApiGatewayV2::ApiGatewayManagedOverrides');
    expect(text).not.toMatch(/log-group-name|update-stage|aws_cloudwatch_log_group|_format|ACCOUNT_ID/i);
  });
});

describe('printChanges() and what must be there first', () => {
  it.each(CHANGE_LANGUAGES)('printChanges() says for %s what HTTP APIs need', (language) => {
    const http = printChanges([change('HTTP', { kind: 'reformat' })], language, REGION);

    expect(http).toContain('logs:CreateLogDelivery');
    expect(http).toContain('logs:PutResourcePolicy');
    expect(http).not.toContain('AmazonAPIGatewayPushToCloudWatchLogs');
  });

  it.each(CHANGE_LANGUAGES)('printChanges() says for %s what REST and WebSocket APIs need', (language) => {
    const rest = printChanges([change('REST')], language, REGION);

    expect(rest).toContain('AmazonAPIGatewayPushToCloudWatchLogs');
    expect(rest).toContain('aws apigateway update-account');
    expect(rest).not.toContain('logs:CreateLogDelivery');
  });

  it('printChanges() keeps the description of a template within the 1,024 bytes that CloudFormation takes', () => {
    const { Description } = JSON.parse(printChanges(CHANGES, 'cloudformation', REGION)) as {
      Description: string;
    };

    expect(Buffer.byteLength(Description)).toBeLessThanOrEqual(1_024);
  });

  it('printChanges() takes the pager away before the first call, and stops a stage at the first failure', () => {
    const text = printChanges(CHANGES, 'cli', REGION);
    const failing = `aws() { echo "$2"; case "$2" in get-caller-identity) ;; *) return 1;; esac; }\n`;
    const output = execFileSync('bash', ['-c', `${failing}${text}true`], { encoding: 'utf8' });

    expect(text.indexOf("export AWS_PAGER=''")).toBeLessThan(text.indexOf('aws sts'));
    expect(output.split('\n').filter((action) => action === 'put-retention-policy')).toEqual([]);
  });

  it('printChanges() calls nothing without the account id or the format', () => {
    const text = printChanges([change('HTTP', { kind: 'reformat' })], 'cli', REGION);
    const stage = text.slice(text.indexOf('aws apigatewayv2'));
    const { stderr, stdout } = spawnSync('bash', ['-c', `aws() { echo called; }\n${stage}`], {
      encoding: 'utf8',
    });

    expect(stdout).toBe('');
    expect(stderr).toContain('ACCOUNT_ID');
  });
});

it('printChanges() writes Terraform as terraform fmt does, as far as it aligns', () => {
  const text = printChanges([...CHANGES, LOST, MANAGED], 'terraform', REGION);
  const block = /^locals \{\n((?: {2}.*\n)+)\}/m.exec(text)?.[1] ?? '';
  const columns = block
    .trimEnd()
    .split('\n')
    .map((line) => line.indexOf('='));

  expect(columns).toHaveLength(3);
  expect(new Set(columns).size).toBe(1);
});

describe.each(CHANGE_LANGUAGES)('printChanges() for %s', (language) => {
  it('printChanges() lets no name of an API forge a line or a command of the terminal', () => {
    const plain = printChanges([change('REST')], language, REGION);
    const evil = printChanges([change('REST', { apiName: EVIL })], language, REGION);

    expect(evil.split('\n')).toHaveLength(plain.split('\n').length);
    expect(evil).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
  });

  it('printChanges() is empty without changes', () => {
    expect(printChanges([], language, REGION)).toBe('');
  });
});
