/**
 * A queue's URL names its account and queue. Where the service is, is the SDK's to know, as for all other clients: else
 * `AWS_ENDPOINT_URL` would not hold for queues.
 */
export const SQS_OPTIONS = { useQueueUrlAsEndpoint: false } as const;
