import type { Now, QuotaStore, ReadQuota, ReadQuotaNumbers, StoredQuota } from '#shared/application/ports.ts';
import {
  isSameQuota,
  type QuotaChange,
  type QuotaStatus,
} from '#shared/domain/headroom/quota/quota-history.ts';
import {
  NO_NUMBERS,
  type QuotaInForce,
  type QuotaNumbers,
  type QuotaReadings,
  resolveQuota,
} from '#shared/domain/headroom/quota/quota-in-force.ts';

/** Quotas change rarely, and `GetAccount` counts against the ten control-plane calls a second of the account. */
const READ_EVERY_MS = 10 * 60_000;

/** What a service said so long ago is no longer trusted while the other one answers. */
const FORGET_AFTER_MS = 24 * 3_600_000;

/** Longer than anything is judged anew: 1-second data lives 3 hours. */
const KEEP_CHANGES_MS = 3 * 3_600_000;
const MAX_CHANGES = 10;

/** A service that did not answer, by the name of its error. */
export type QuotaProblem = { readonly source: keyof QuotaReadings; readonly reason: string };

type Dependencies = {
  readonly readAccountThrottle: ReadQuotaNumbers;
  readonly readServiceQuotas: ReadQuotaNumbers;
  readonly override: QuotaNumbers;
  readonly region: string;
  readonly quotas: QuotaStore;
  readonly now: Now;
  /** Hears why services did not answer, whenever they were asked and any did not. */
  readonly tellProblems: (problems: readonly QuotaProblem[]) => void;
};

type Asked = {
  readonly numbers: QuotaNumbers | null;
  readonly problem: QuotaProblem | null;
};

/** One service must not take the other with it: why it did not answer is told, and the evaluation goes on. */
async function ask(source: keyof QuotaReadings, read: ReadQuotaNumbers): Promise<Asked> {
  try {
    return { numbers: await read(), problem: null };
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown error';
    return { numbers: null, problem: { source, reason } };
  }
}

/** Without the changes that nothing is judged by any more. */
function recentChanges(changes: readonly QuotaChange[], nowMs: number): QuotaChange[] {
  return changes.filter(({ atMs }) => nowMs - atMs < KEEP_CHANGES_MS).slice(-MAX_CHANGES);
}

function withoutHistory({ changes: _, ...quota }: QuotaStatus): QuotaInForce {
  return quota;
}

/** The quota that follows from the readings, and the step to it from the one before. */
function follow(stored: StoredQuota | null, quota: QuotaInForce, nowMs: number): QuotaStatus {
  if (stored === null) return { ...quota, changes: [] };
  const from = withoutHistory(stored.status);
  const steps = isSameQuota(from, quota) ? [] : [{ atMs: nowMs, from, to: quota }];
  return { ...quota, changes: recentChanges([...stored.status.changes, ...steps], nowMs) };
}

/** What a service says, and when it said so; `null` for never. */
type Saying = { readonly numbers: QuotaNumbers; readonly answeredAtMs: number | null };

/** What a service that does not answer said last, unless that is long ago and the other one tells a rate. */
function lastSaying(source: keyof QuotaReadings, other: Asked, stored: StoredQuota, nowMs: number): Saying {
  const answeredAtMs = stored.answeredAtMs[source];
  const isRecent = answeredAtMs !== null && nowMs - answeredAtMs < FORGET_AFTER_MS;
  const otherTells = (other.numbers?.rateRps ?? null) !== null;
  if (!isRecent && otherTells) return { numbers: NO_NUMBERS, answeredAtMs: null };
  return { numbers: stored.status.readings[source], answeredAtMs };
}

/** Asks both services. */
async function readAnew(
  { readAccountThrottle, readServiceQuotas, override, region, tellProblems }: Dependencies,
  stored: StoredQuota | null,
  nowMs: number,
): Promise<StoredQuota> {
  const [account, quotas] = await Promise.all([
    ask('getAccount', readAccountThrottle),
    ask('serviceQuotas', readServiceQuotas),
  ]);
  const problems = [account, quotas].flatMap(({ problem }) => (problem === null ? [] : [problem]));
  if (problems.length > 0) tellProblems(problems);
  const saying = (source: keyof QuotaReadings, { numbers }: Asked, other: Asked): Saying => {
    if (numbers !== null) return { numbers, answeredAtMs: nowMs };
    return stored === null
      ? { numbers: NO_NUMBERS, answeredAtMs: null }
      : lastSaying(source, other, stored, nowMs);
  };
  const getAccount = saying('getAccount', account, quotas);
  const serviceQuotas = saying('serviceQuotas', quotas, account);
  const readings = { getAccount: getAccount.numbers, serviceQuotas: serviceQuotas.numbers };
  return {
    schemaVersion: 1,
    readAtMs: nowMs,
    answeredAtMs: { getAccount: getAccount.answeredAtMs, serviceQuotas: serviceQuotas.answeredAtMs },
    status: follow(stored, resolveQuota({ override, readings, region }), nowMs),
  };
}

/** False if another override has been deployed since. */
function isUnder({ override, region }: Dependencies, { status }: StoredQuota): boolean {
  const quota = resolveQuota({ override, readings: status.readings, region });
  const isSameSource = quota.rateSource === status.rateSource && quota.burstSource === status.burstSource;
  return isSameSource && isSameQuota(quota, status);
}

/**
 * Reads the quota in force from both services every ten minutes, and keeps it in the store and in memory between. A
 * change carries the time at which it was noticed, so that minutes are judged the same however often that is done.
 * When two read at once, the first one's word counts for both.
 *
 * @returns A port that throws if the store cannot be read or written
 */
export function createReadQuota(dependencies: Dependencies): ReadQuota {
  const { quotas, now } = dependencies;
  let cached: StoredQuota | null = null;

  const isFresh = ({ readAtMs }: StoredQuota, nowMs: number): boolean => nowMs - readAtMs < READ_EVERY_MS;

  async function refresh(nowMs: number): Promise<StoredQuota> {
    const stored = await quotas.read();
    if (stored !== null && isFresh(stored, nowMs) && isUnder(dependencies, stored)) return stored;
    const read = await readAnew(dependencies, stored, nowMs);
    if (await quotas.write(read, stored?.readAtMs ?? null)) return read;
    return (await quotas.read()) ?? read;
  }

  return async () => {
    const nowMs = now().getTime();
    if (cached === null || !isFresh(cached, nowMs)) cached = await refresh(nowMs);
    return cached.status;
  };
}
