import { inspect } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSsmReadSecret, type SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, type Reply, startHttpServer } from '#test/fakes/http-server.ts';

const NAME = '/gatewatch/slack-webhook';
/** SSM's own name for a secret of Secrets Manager. */
const REFERENCE = '/aws/reference/secretsmanager/gatewatch/slack-token';
const SECRET = 'https://hooks.slack.example/services/T000/B000/XXXX';
const CACHE_MS = 5 * 60_000;

describe('ssm-read-secret', () => {
  let value: string | undefined;
  let nowMs: number;
  let server: HttpServer;
  let client: SSMClient;
  let secret: SecretReader;

  beforeEach(async () => {
    value = SECRET;
    nowMs = Date.parse('2026-03-02T14:00:00Z');
    server = await startHttpServer(({ headers, body }): Reply => {
      if (headers['x-amz-target'] !== 'AmazonSSM.GetParameter')
        return jsonError(400, 'UnknownOperationException');
      const { Name, WithDecryption } = JSON.parse(body) as { Name: string; WithDecryption?: boolean };
      if (Name !== NAME && Name !== REFERENCE) return jsonError(400, 'ParameterNotFound', '');
      // Of Secrets Manager, SSM gives nothing at all without decryption.
      if (Name === REFERENCE && !WithDecryption) return jsonError(400, 'ValidationException', '');
      return jsonReply({
        Parameter: { Name, Type: 'SecureString', Value: WithDecryption ? value : 'ciphertext' },
      });
    });
    client = new SSMClient(clientConfig(server.url));
    secret = createSsmReadSecret(client, NAME, () => new Date(nowMs));
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  it('read() returns the decrypted value', async () => {
    expect(await secret.read()).toBe(SECRET);
  });

  it('read() returns a secret of Secrets Manager by the name that SSM has for it', async () => {
    value = 'xoxb-of-secrets-manager';
    const token = createSsmReadSecret(client, REFERENCE, () => new Date(nowMs));

    expect(await token.read()).toBe('xoxb-of-secrets-manager');
  });

  it('read() leaves out white space that a file or a console added', async () => {
    value = ` ${SECRET}\r\n`;

    expect(await secret.read()).toBe(SECRET);
  });

  it('read() asks once in five minutes, and then again', async () => {
    await secret.read();
    value = 'rotated';

    nowMs += CACHE_MS - 1;
    expect(await secret.read()).toBe(SECRET);
    expect(server.requests).toHaveLength(1);

    nowMs += 1;
    expect(await secret.read()).toBe('rotated');
    expect(server.requests).toHaveLength(2);
  });

  it('refresh() asks at once, and read() gives what it got', async () => {
    await secret.read();
    value = 'rotated';

    expect(await secret.refresh()).toBe('rotated');
    expect(await secret.read()).toBe('rotated');
    expect(server.requests).toHaveLength(2);
  });

  it('refresh() asks at most once in 30 seconds, so that a wrong secret does not hammer SSM', async () => {
    await secret.refresh();
    value = 'rotated';

    nowMs += 29_999;
    expect(await secret.refresh()).toBe(SECRET);
    expect(server.requests).toHaveLength(1);

    nowMs += 1;
    expect(await secret.refresh()).toBe('rotated');
    expect(server.requests).toHaveLength(2);
  });

  it.each([['' as const], [' \n' as const], [undefined]])(
    'read() throws for the value %j and names the parameter',
    async (empty) => {
      value = empty;

      await expect(secret.read()).rejects.toMatchObject({
        name: 'EmptySecretError',
        message: `SSM parameter ${NAME} is empty`,
      });
    },
  );

  it('read() throws for a parameter that does not exist', async () => {
    const other = createSsmReadSecret(client, '/gatewatch/other', () => new Date(nowMs));

    await expect(other.read()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('read() throws when a secret became empty, and says nothing of the former one', async () => {
    await secret.read();
    value = '';
    nowMs += CACHE_MS;

    const error = await secret.read().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('hooks.slack.example');
  });

  it('a reader shows its secret to nobody who looks into it', async () => {
    await secret.read();

    expect(inspect(secret, { depth: null, showHidden: true, getters: true })).not.toContain('hooks.slack');
    expect(JSON.stringify(secret)).toBe('{}');
  });

  it('read() keeps no failure', async () => {
    server.answerOnce(() => jsonError(500, 'InternalServerError'));
    await expect(secret.read()).rejects.toThrow('InternalServerError');

    expect(await secret.read()).toBe(SECRET);
  });

  it('refresh() keeps the former secret when SSM does not answer', async () => {
    await secret.read();
    server.answerOnce(() => jsonError(500, 'InternalServerError'));
    await expect(secret.refresh()).rejects.toThrow('InternalServerError');

    expect(await secret.read()).toBe(SECRET);
  });
});
