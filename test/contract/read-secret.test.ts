import { inspect } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSsmReadSecret } from '#shared/adapters/ssm-read-secret.ts';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, type Reply, startHttpServer } from '#test/fakes/http-server.ts';

const NAME = '/gatewatch/slack-webhook';
const SECRET = 'https://hooks.slack.example/services/T000/B000/XXXX';
const CACHE_MS = 5 * 60_000;

describe('ssm-read-secret', () => {
  let value: string | undefined;
  let nowMs: number;
  let server: HttpServer;
  let client: SSMClient;
  let readSecret: () => Promise<string>;

  beforeEach(async () => {
    value = SECRET;
    nowMs = Date.parse('2026-03-02T14:00:00Z');
    server = await startHttpServer(({ headers, body }): Reply => {
      if (headers['x-amz-target'] !== 'AmazonSSM.GetParameter')
        return jsonError(400, 'UnknownOperationException');
      const { Name, WithDecryption } = JSON.parse(body) as { Name: string; WithDecryption?: boolean };
      if (Name !== NAME) return jsonError(400, 'ParameterNotFound', '');
      return jsonReply({
        Parameter: { Name, Type: 'SecureString', Value: WithDecryption ? value : 'ciphertext' },
      });
    });
    client = new SSMClient(clientConfig(server.url));
    readSecret = createSsmReadSecret(client, NAME, () => new Date(nowMs));
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  it('readSecret() returns the decrypted value', async () => {
    expect(await readSecret()).toBe(SECRET);
  });

  it('readSecret() asks once in five minutes, and then again', async () => {
    await readSecret();
    value = 'rotated';

    nowMs += CACHE_MS - 1;
    expect(await readSecret()).toBe(SECRET);
    expect(server.requests).toHaveLength(1);

    nowMs += 1;
    expect(await readSecret()).toBe('rotated');
    expect(server.requests).toHaveLength(2);
  });

  it.each([['' as const], [undefined]])(
    'readSecret() throws for the value %j and names the parameter',
    async (empty) => {
      value = empty;

      await expect(readSecret()).rejects.toThrow(`SSM parameter ${NAME} is empty`);
    },
  );

  it('readSecret() throws for a parameter that does not exist', async () => {
    const readOther = createSsmReadSecret(client, '/gatewatch/other', () => new Date(nowMs));

    await expect(readOther()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('readSecret() throws when a secret became empty, and says nothing of the former one', async () => {
    await readSecret();
    value = '';
    nowMs += CACHE_MS;

    const error = await readSecret().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('hooks.slack.example');
  });

  it('readSecret() keeps no failure', async () => {
    server.answerOnce(() => jsonError(500, 'InternalServerError'));
    await expect(readSecret()).rejects.toThrow('InternalServerError');

    expect(await readSecret()).toBe(SECRET);
  });
});
