/** Why access logs and API Gateway's own counts disagree, with the words for people. */
export const DISAGREEMENTS = {
  'no-access-log': 'stages without an access log that can be read',
  'lost-lines': 'log lines that never came, or that could not be read',
  'same-name': 'REST APIs of one name, which CloudWatch counts together',
  'websocket-messages':
    'WebSocket messages to clients, which no access log has, and disconnects, which CloudWatch does not count',
  'late-logs': 'the newest log lines are not there yet',
  'late-metrics': 'the newest minutes of CloudWatch are not there yet',
  unidentified: 'log lines that do not tell their stage',
  unlisted: 'requests of APIs that the inventory does not know, or that were deleted',
  unexplained: 'nothing that is known explains it',
} as const;

/** A reason by its slug; the set is closed. */
export type Disagreement = keyof typeof DISAGREEMENTS;

/** All reasons, the order in which they are told. */
export const DISAGREEMENT_SLUGS = Object.keys(DISAGREEMENTS) as readonly Disagreement[];

/** CloudWatch and logs are each up to 4 minutes late; what stands in the newest minutes proves nothing. */
export const LATE_SOURCE_MINUTES = 5;

/** Below this two counts agree: a request on the border of two minutes, or a retried delivery. */
const MIN_DIFFERENCE = 5;
const MIN_DIFFERENCE_RATIO = 0.05;

/** Whether two counts of the same requests are as close as they can be expected to be. */
export function doAgree(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(MIN_DIFFERENCE, MIN_DIFFERENCE_RATIO * Math.max(a, b));
}

/** What decides why the two sources of a group disagree. Requests, over the whole time and over all but its newest minutes. */
export type Compared = {
  readonly apiType: 'REST' | 'HTTP' | 'WEBSOCKET';
  readonly sharesName: boolean;
  readonly hasUnloggedStage: boolean;
  readonly logged: number;
  readonly counted: number;
  readonly settledLogged: number;
  readonly settledCounted: number;
  /** Requests of the account whose stage no line tells. */
  readonly unidentified: number;
};

/** @returns `null` where the two sources of a group agree */
export function explainDifference(compared: Compared): Disagreement | null {
  const { apiType, logged, counted, settledLogged, settledCounted } = compared;
  if (doAgree(logged, counted)) return null;
  if (counted > logged && compared.hasUnloggedStage) return 'no-access-log';
  if (doAgree(settledLogged, settledCounted)) return counted > logged ? 'late-logs' : 'late-metrics';
  if (apiType === 'WEBSOCKET' && (logged > 0 || counted === 0)) return 'websocket-messages';
  if (counted <= logged) return compared.sharesName ? 'same-name' : 'unexplained';
  // One line without a stage may be of any stage, so it explains a gap only if it is about as large.
  if (compared.unidentified >= (counted - logged) / 2) return 'unidentified';
  return compared.sharesName ? 'same-name' : 'lost-lines';
}
