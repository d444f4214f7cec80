import type { ScenarioDefinition } from '#shared/domain/simulation/scenario.ts';
import { CAPPED } from '#shared/domain/simulation/scenarios/capped.ts';
import { CLIMB, CLIMB_ENDS } from '#shared/domain/simulation/scenarios/climb.ts';
import { DAY } from '#shared/domain/simulation/scenarios/day.ts';
import { SPIKE } from '#shared/domain/simulation/scenarios/spike.ts';
import { SURGE } from '#shared/domain/simulation/scenarios/surge.ts';
import { USAGE_PLAN, USAGE_PLAN_UNTOLD } from '#shared/domain/simulation/scenarios/usage-plan.ts';

/** Every scenario by its name; the first is the bundled sample. */
export const SCENARIOS = {
  day: DAY,
  spike: SPIKE,
  surge: SURGE,
  capped: CAPPED,
  'usage-plan': USAGE_PLAN,
  'usage-plan-untold': USAGE_PLAN_UNTOLD,
  climb: CLIMB,
  'climb-ends': CLIMB_ENDS,
} as const satisfies Record<string, ScenarioDefinition>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;
