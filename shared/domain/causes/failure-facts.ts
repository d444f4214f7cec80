import type { AccessLogFields } from '#shared/domain/logs/access/access-log-fields.ts';

/** What the cause is told from: the texts of the line, with both statuses as numbers. */
export type FailureFacts = Omit<AccessLogFields, 'status' | 'integrationStatus'> & {
  readonly status: number;
  readonly integrationStatus: number | null;
};
