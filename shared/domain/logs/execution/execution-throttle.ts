/** Where API Gateway refused a request with 429. No wording of the account's throttle is known. */
export type ThrottleLayer = 'usage-plan' | 'quota' | 'method' | 'account' | 'unknown';

/** The limit that refused a request, as far as its line names it. */
export type ExecutionThrottle = {
  /** `method` stands for the limit of a stage, too: both log the same words. */
  readonly layer: ThrottleLayer;
  /** Requests per second; of a quota `null`. */
  readonly limitRps: number | null;
  /** Requests; of a quota `null`. */
  readonly burst: number | null;
  /** Requests per period; only of a quota. */
  readonly quotaRequests: number | null;
  /** `DAY`, `WEEK` or `MONTH`; only of a quota. */
  readonly period: string | null;
  readonly usagePlanId: string | null;
};

/** What a line about a limit says, with the method that was called; what it does not name is absent. */
export type ThrottleLine = {
  readonly throttle: ExecutionThrottle;
  readonly apiId?: string;
  readonly stage?: string;
  readonly resourceId?: string;
  readonly limitedMethod?: string;
};

const ID = '[A-Za-z0-9]{1,64}';
const STAGE = '[\\w$-]{1,128}';
const NUMBER = '\\d{1,15}(?:\\.\\d{1,9})?';

/** Names the key, which is masked and not read, and says whether rate or quota is used up; details follow. */
const KEY_LINE = new RegExp(
  `^API Key \\S{0,160} ?exceeded (throttle|quota) limit for API Stage (${ID})/(${STAGE})(?:: |$)`,
);

const RATE_DETAILS = new RegExp(
  `^Key throttle limit exceeded for (?:Usage Plan ID (${ID}), )?RestApi (${ID}), Stage (${STAGE}), Resource (${ID}), HttpMethod ([A-Z*]{1,16})\\. Limit: (${NUMBER}) Burst: (${NUMBER})`,
);

const QUOTA_DETAILS = new RegExp(
  `^Key quota exhausted for Usage Plan ID (${ID})\\. (?:Q )?Limit: (${NUMBER}) Period: ([A-Z]{1,16})`,
);

const NO_DETAILS = { limitRps: null, burst: null, quotaRequests: null, period: null, usagePlanId: null };

/** A layer of which the lines name nothing else. */
export function throttleWithoutDetails(layer: ThrottleLayer): ExecutionThrottle {
  return { layer, ...NO_DETAILS };
}

function readRate(details: string, isOfKey: boolean): ThrottleLine | null {
  const match = RATE_DETAILS.exec(details);
  if (match === null) return null;
  const [, usagePlanId = null, apiId = '', stage = '', resourceId = '', limitedMethod = ''] = match;
  const layer = isOfKey || usagePlanId !== null ? 'usage-plan' : 'method';
  const limits = { limitRps: Number(match[6]), burst: Number(match[7]) };
  const throttle = { layer, ...NO_DETAILS, usagePlanId, ...limits } as const;
  return { throttle, apiId, stage, resourceId, limitedMethod };
}

function readQuota(details: string): ThrottleLine | null {
  const match = QUOTA_DETAILS.exec(details);
  if (match === null) return null;
  const [, usagePlanId = null, quotaRequests, period = null] = match;
  const quota = { usagePlanId, quotaRequests: Number(quotaRequests), period };
  return { throttle: { layer: 'quota', ...NO_DETAILS, ...quota } };
}

/**
 * Reads the limit from the line about a request that it refused.
 *
 * @param text - The line without its prefix
 * @returns `null` for any other line
 * @see {@link https://repost.aws/knowledge-center/api-gateway-429-limit}
 */
export function readThrottle(text: string): ThrottleLine | null {
  const key = KEY_LINE.exec(text);
  if (key === null) return readRate(text, false) ?? readQuota(text);
  const [lead, limit, apiId = '', stage = ''] = key;
  const details = text.slice(lead.length);
  const told = limit === 'quota' ? readQuota(details) : readRate(details, true);
  const throttle = told?.throttle ?? throttleWithoutDetails(limit === 'quota' ? 'quota' : 'usage-plan');
  return { apiId, stage, ...told, throttle };
}
