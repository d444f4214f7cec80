import type { Finding } from '#shared/domain/detection/finding.ts';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';

/** What is new about an incident since it was last told. */
export type Changes = {
  readonly announcement: Announcement;
  /** Findings that have come. */
  readonly joined: readonly Finding[];
  /** Findings that have ended, while others go on. */
  readonly ended: readonly Finding[];
};
