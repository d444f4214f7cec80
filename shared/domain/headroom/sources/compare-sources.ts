import {
  type Compared,
  DISAGREEMENT_SLUGS,
  DISAGREEMENTS,
  type Disagreement,
  doAgree,
  explainDifference,
  LATE_SOURCE_MINUTES,
} from '#shared/domain/headroom/sources/disagreement.ts';
import {
  type GroupMinutes,
  loggedOf,
  type SourceMinutes,
} from '#shared/domain/headroom/sources/source-minutes.ts';
import type { StageId } from '#shared/domain/inventory/stage.ts';

/** What the two sources say of one stage. */
export type StageComparison = {
  readonly id: StageId;
  /** `{apiName}/{stage}`. */
  readonly name: string;
  readonly hasAccessLog: boolean;
  readonly loggedRequests: number;
  /** `null` where CloudWatch counts it together with stages of the same name: see `sharedCounts`. */
  readonly countedRequests: number | null;
  /** Why they disagree; `null` where they agree. A stage without an access log has that reason at all times. */
  readonly reason: Disagreement | null;
  /** 0..1 of the account's requests, by the larger of the two counts. */
  readonly shareOfAccount: number;
};

/** Requests of one time, from access logs and from `AWS/ApiGateway`, and why they disagree. */
export type SourceComparison = {
  readonly fromMs: number;
  readonly minutes: number;
  /** In the order of the inventory's names. */
  readonly stages: readonly StageComparison[];
  /** REST APIs of one name, of which only the sum can be compared. */
  readonly sharedCounts: readonly {
    readonly ids: readonly StageId[];
    readonly loggedRequests: number;
    readonly countedRequests: number;
  }[];
  readonly account: {
    readonly loggedRequests: number;
    /** One group of dimensions only: what CloudWatch counts by stage. `null` where it has no data at all. */
    readonly countedRequests: number | null;
    /** Requests that either source tells of. */
    readonly requests: number;
    /** Those that only CloudWatch tells of. */
    readonly untoldRequests: number;
    /** 0..1 of `requests`. */
    readonly untoldRatio: number;
    readonly unidentifiedRequests: number;
    /** By the count without dimensions, which AWS does not document; `null` where there is none. */
    readonly undimensionedRequests: number | null;
  };
  /** Each reason once, with the stages that it is about and how far the counts are apart there. */
  readonly reasons: readonly {
    readonly slug: Disagreement;
    readonly words: string;
    readonly stages: number;
    readonly requests: number;
  }[];
};

function sum(values: readonly (number | null)[], end = values.length): number {
  return values.slice(0, Math.max(0, end)).reduce<number>((total, value) => total + (value ?? 0), 0);
}

type ComparedGroup = Compared & {
  readonly stages: readonly Omit<StageComparison, 'shareOfAccount'>[];
  readonly reason: Disagreement | null;
  /** Requests that either source tells of. */
  readonly requests: number;
  readonly untold: number;
};

/** Messages to clients are in no log and are no requests of anybody: a log that speaks is taken at its word. */
function untoldOf({ apiType, logged, counted }: Compared): number {
  return apiType === 'WEBSOCKET' && logged > 0 ? 0 : Math.max(0, counted - logged);
}

function compareGroup(group: GroupMinutes, unidentified: number): ComparedGroup {
  const { stages, counted } = group;
  const logged = loggedOf(group);
  const settled = counted.length - LATE_SOURCE_MINUTES;
  const sharesName = stages.length > 1;
  const compared = {
    apiType: stages[0]?.apiType ?? 'REST',
    sharesName,
    hasUnloggedStage: stages.some(({ logGroup }) => logGroup === null),
    logged: sum(logged),
    counted: sum(counted),
    settledLogged: sum(logged, settled),
    settledCounted: sum(counted, settled),
    unidentified,
  };
  const reason = explainDifference(compared);
  const untold = untoldOf(compared);
  return {
    ...compared,
    reason,
    untold,
    requests: compared.logged + untold,
    stages: stages.map(({ apiId, apiName, stage, logGroup }, index) => ({
      id: { apiId, stage },
      name: `${apiName}/${stage}`,
      hasAccessLog: logGroup !== null,
      loggedRequests: sum(group.logged[index] ?? []),
      countedRequests: sharesName ? null : compared.counted,
      reason: logGroup === null ? 'no-access-log' : reason,
    })),
  };
}

/** Requests that both sources know of, and that no known stage has. */
function unlistedRequests(groups: readonly ComparedGroup[], sources: SourceMinutes): number {
  const settled = sources.logged.length - LATE_SOURCE_MINUTES;
  const counted = groups.reduce((total, group) => total + group.settledCounted, 0);
  const logged = groups.reduce((total, group) => total + group.settledLogged, 0);
  const unlistedLogged = sum(sources.logged, settled) - sum(sources.unidentified, settled) - logged;
  const differences = [
    { more: sum(sources.undimensioned, settled), less: counted },
    { more: logged + Math.max(0, unlistedLogged), less: logged },
  ];
  return Math.max(
    ...differences.map(({ more, less }) => (doAgree(more, less) ? 0 : Math.max(0, more - less))),
  );
}

function reasonsOf(groups: readonly ComparedGroup[], unlisted: number): SourceComparison['reasons'] {
  const totals = new Map<Disagreement, { stages: number; requests: number }>();
  const add = (slug: Disagreement, stages: number, requests: number): void => {
    const known = totals.get(slug) ?? { stages: 0, requests: 0 };
    totals.set(slug, { stages: known.stages + stages, requests: known.requests + requests });
  };
  for (const { reason, stages, logged, counted } of groups) {
    const unlogged = stages.filter(({ hasAccessLog }) => !hasAccessLog).length;
    if (reason !== null) {
      add(reason, reason === 'no-access-log' ? unlogged : stages.length, Math.abs(counted - logged));
    } else if (unlogged > 0) add('no-access-log', unlogged, 0);
  }
  if (unlisted > 0) add('unlisted', 0, unlisted);
  return DISAGREEMENT_SLUGS.flatMap((slug) => {
    const total = totals.get(slug);
    return total === undefined ? [] : [{ slug, words: DISAGREEMENTS[slug], ...total }];
  });
}

/**
 * Holds what access logs tell against what API Gateway itself counted. Only one grouping of dimensions is added up: each
 * request is in every one of them once.
 */
export function compareSources(sources: SourceMinutes): SourceComparison {
  const unidentified = sum(sources.unidentified);
  const groups = sources.groups.map((group) => compareGroup(group, unidentified));
  const total = (of: (group: ComparedGroup) => number): number =>
    groups.reduce((all, group) => all + of(group), 0);
  const logged = sum(sources.logged);
  // A line without its stage is the line of some request that its stage's count has.
  const untold = Math.max(0, total((group) => group.untold) - unidentified);
  const requests = logged + untold;
  const hasCounts = sources.groups.some(({ counted }) => counted.some((count) => count !== null));
  const share = (part: number): number => (requests === 0 ? 0 : Math.min(1, part / requests));
  return {
    fromMs: sources.startMs,
    minutes: sources.logged.length,
    stages: groups
      .flatMap((group) =>
        group.stages.map((stage) => ({
          ...stage,
          shareOfAccount: share(group.sharesName ? stage.loggedRequests : group.requests),
        })),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    sharedCounts: groups
      .filter(({ sharesName }) => sharesName)
      .map((group) => ({
        ids: group.stages.map(({ id }) => id),
        loggedRequests: group.logged,
        countedRequests: group.counted,
      })),
    account: {
      loggedRequests: logged,
      countedRequests: hasCounts ? total((group) => group.counted) : null,
      requests,
      untoldRequests: untold,
      untoldRatio: share(untold),
      unidentifiedRequests: unidentified,
      undimensionedRequests: sources.undimensioned.every((count) => count === null)
        ? null
        : sum(sources.undimensioned),
    },
    reasons: reasonsOf(groups, unlistedRequests(groups, sources)),
  };
}
