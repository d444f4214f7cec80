/** What bounds the memory of an assembler of stories. */
export type StoryLimits = {
  /** At least 1. A story of some 10 lines takes about 4 KB. */
  readonly maxOpenStories: number;
  /** Lines of all open stories, of each of which the id is kept; at least 1. */
  readonly maxOpenLines: number;
  /** Beyond, a story is told and another begins: a client may send all its requests under one id. At least 1. */
  readonly maxLinesPerStory: number;
  /**
   * A story is told when the newest time of all lines has moved on by more than this, in milliseconds, since its last
   * line came. So it has to be longer than an integration may take, and than lines of one request lie apart in the
   * order in which they come.
   */
  readonly maxAgeMs: number;
  /** Requests whose story is told, of which late lines are known; at least 2. */
  readonly maxRememberedIds: number;
};

/**
 * For logs on one machine: some 250 MB at worst, 400 requests a second, and four times the 29 s that an integration
 * may take by default.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html}
 */
export const DEFAULT_STORY_LIMITS: StoryLimits = {
  maxOpenStories: 50_000,
  maxOpenLines: 1_000_000,
  maxLinesPerStory: 1_000,
  maxAgeMs: 120_000,
  maxRememberedIds: 200_000,
};
