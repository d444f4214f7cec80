import { join } from 'node:path';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ReplayReport } from '#cli/replay/report.ts';
import type { Finding, FindingKind } from '#shared/domain/detection/finding.ts';
import type { Scenario } from '#shared/domain/simulation/scenario.ts';
import { SCENARIOS, type ScenarioName } from '#shared/domain/simulation/scenarios/scenarios.ts';
import { type SimulatedRequest, simulateRequests } from '#shared/domain/simulation/simulate-requests.ts';
import { replayJson, runCli } from '#test/integration/run-cli.ts';

const MINUTE_MS = 60_000;
const SEED = 1;

/** What really happened in a minute; `minute` counts from the start of the scenario. */
export type TrueMinute = {
  readonly minute: number;
  /** What reached the account throttle, and what it refused. */
  readonly asked: number;
  readonly refused: number;
};

/** A scenario as `gatewatch simulate` plays it by default, with every request. */
export function playScenario(name: ScenarioName): {
  scenario: Scenario;
  requests: SimulatedRequest[];
  minutes: TrueMinute[];
} {
  const { create, quotaRps } = SCENARIOS[name];
  const quota = { rateRps: quotaRps, burst: quotaRps / 2 };
  const scenario = create({ quota, region: 'us-east-1', dayMs: Date.UTC(2026, 5, 15) });
  const generator = xoroshiro128plus(SEED);
  const requests = [...simulateRequests(scenario, () => uniformFloat64(generator))];
  const minutes = Array.from({ length: scenario.durationMs / MINUTE_MS }, (_, minute) => ({
    minute,
    asked: 0,
    refused: 0,
  }));
  for (const { timeMs, outcome } of requests) {
    const minute = minutes[Math.floor((timeMs - scenario.startMs) / MINUTE_MS)];
    if (minute === undefined || outcome === 'over-plan') continue;
    minute.asked += 1;
    if (outcome === 'throttled') minute.refused += 1;
  }
  return { scenario, requests, minutes };
}

/** Writes a scenario into a folder and replays it, both from the command line as a user does. */
export async function replayScenario(
  name: ScenarioName,
  folder: string,
  args: readonly string[] = [],
): Promise<ReplayReport> {
  const out = join(folder, name);
  await runCli(['simulate', '--scenario', name, '--out', out]);
  return replayFolder(name, out, args);
}

/** Replays the folder of a scenario. */
export async function replayFolder(
  name: ScenarioName,
  folder: string,
  args: readonly string[] = [],
): Promise<ReplayReport> {
  const { quotaRps } = SCENARIOS[name];
  const quota = ['--quota-rps', String(quotaRps), '--quota-burst', String(quotaRps / 2)];
  const inventory = ['--inventory', join(folder, 'inventory.json')];
  return (await replayJson([folder, ...inventory, ...quota, ...args])).report;
}

/** The findings of a kind. */
export function ofKind({ findings }: ReplayReport, kind: FindingKind): Finding[] {
  return findings.filter((finding) => finding.kind === kind);
}

/** All kinds that were found, each once, in alphabetical order. */
export function kindsOf({ findings }: ReplayReport): FindingKind[] {
  return [...new Set(findings.map(({ kind }) => kind))].sort();
}

/** `12:30`, of a minute that counts from the start of the scenario. */
export function clockOf({ startMs }: Scenario, minute: number): string {
  return new Date(startMs + minute * MINUTE_MS).toISOString().slice(11, 16);
}

/** `12:30 to 12:31`: the minutes in which a finding was bad. */
export function timesOf({ startedAt, lastBadAt }: Finding): string {
  return `${startedAt.slice(11, 16)} to ${lastBadAt.slice(11, 16)}`;
}
