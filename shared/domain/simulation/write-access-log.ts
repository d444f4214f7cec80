import type { Scenario } from '#shared/domain/simulation/scenario.ts';
import {
  type Random,
  type SimulatedRequest,
  simulateRequests,
} from '#shared/domain/simulation/simulate-requests.ts';
import { writeAccessLogLine } from '#shared/domain/simulation/write-access-log-line.ts';

/** Whether a request gets into the access log. */
function isLogged({ logsAccountRefusals }: Scenario, { outcome }: SimulatedRequest): boolean {
  return logsAccountRefusals || outcome !== 'throttled';
}

/** The access log of a scenario, line by line in order of time, each with its end. */
export function* writeAccessLog(scenario: Scenario, random: Random): Generator<string> {
  let index = 0;
  for (const request of simulateRequests(scenario, random)) {
    index += 1;
    if (isLogged(scenario, request)) yield `${writeAccessLogLine(request, scenario.accountId, index)}\n`;
  }
}
