import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Crawl, CrawlStore } from '#shared/application/inventory-ports.ts';

/** No stage is called so: ids of APIs are letters and digits. */
export const CRAWL_KEY = '#crawl';

/**
 * The crawl as one item of the inventory's table. An item holds 400 KB, and all APIs that an account can have, with
 * names of 128 characters, take less.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html}
 */
export function createDynamoDbCrawls(client: DynamoDBClient, tableName: string): CrawlStore {
  return {
    read: async () => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { key: { S: CRAWL_KEY } }, ConsistentRead: true }),
      );
      const crawl = Item?.['crawl']?.S;
      return crawl === undefined ? null : (JSON.parse(crawl) as Crawl);
    },
    write: async (crawl) => {
      const Item = { key: { S: CRAWL_KEY }, crawl: { S: JSON.stringify(crawl) } };
      await client.send(new PutItemCommand({ TableName: tableName, Item }));
    },
  };
}
