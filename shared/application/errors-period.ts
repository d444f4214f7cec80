/** With more stages than this, each look at their errors costs too much for every minute: it pays for every stage's metrics. */
const MAX_STAGES_EACH_MINUTE = 200;

/** How often the errors of so many stages are looked at, in minutes. */
export function errorsPeriodMinutes(stages: number): 1 | 5 {
  return stages > MAX_STAGES_EACH_MINUTE ? 5 : 1;
}
