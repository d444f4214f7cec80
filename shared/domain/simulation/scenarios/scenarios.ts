import type { ScenarioDefinition } from '#shared/domain/simulation/scenario.ts';
import { DAY } from '#shared/domain/simulation/scenarios/day.ts';
import { SPIKE } from '#shared/domain/simulation/scenarios/spike.ts';

/** Every scenario by its name; the first is the bundled sample. */
export const SCENARIOS = { day: DAY, spike: SPIKE } as const satisfies Record<string, ScenarioDefinition>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;
