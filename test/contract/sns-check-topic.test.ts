import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnsCheckTopic } from '#shared/adapters/sns-check-topic.ts';
import { clientConfig } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, type Reply, startHttpServer } from '#test/fakes/http-server.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:gatewatch-alerts';
const FOUND: Reply = {
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body:
    '<GetTopicAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetTopicAttributesResult>' +
    `<Attributes><entry><key>TopicArn</key><value>${TOPIC}</value></entry></Attributes>` +
    '</GetTopicAttributesResult></GetTopicAttributesResponse>',
};
const NOT_FOUND: Reply = {
  status: 404,
  headers: { 'content-type': 'text/xml' },
  body:
    '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>' +
    '<Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>',
};

describe('sns-check-topic', () => {
  let server: HttpServer;
  let client: SNSClient;
  let reply: Reply;

  beforeEach(async () => {
    reply = FOUND;
    server = await startHttpServer(() => reply);
    client = new SNSClient({ ...clientConfig(server.url), maxAttempts: 1 });
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  it('check() asks for the topic and publishes nothing', async () => {
    expect(await createSnsCheckTopic(client, TOPIC)()).toBeNull();

    const [request, ...others] = server.requests;
    expect(others).toEqual([]);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
      Action: 'GetTopicAttributes',
      TopicArn: TOPIC,
    });
  });

  it('check() says that there is no such topic, in a word', async () => {
    reply = NOT_FOUND;

    expect(await createSnsCheckTopic(client, TOPIC)()).toBe('NotFoundException');
  });
});
