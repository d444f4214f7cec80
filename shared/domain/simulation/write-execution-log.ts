import type { Scenario } from '#shared/domain/simulation/scenario.ts';
import {
  type Random,
  type SimulatedRequest,
  simulateRequests,
} from '#shared/domain/simulation/simulate-requests.ts';
import { requestIds } from '#shared/domain/simulation/write-access-log-line.ts';

/** The line that names the usage plan, as AWS's knowledge center shows it; keys are masked by API Gateway. */
function writeRefusal(request: SimulatedRequest, index: number): string {
  const { stage, route, timeMs } = request;
  const { apiId, apiType, stage: stageName } = stage.item;
  const { rateRps = 0, burst = 0 } = stage.usagePlan ?? {};
  const { requestId } = requestIds(apiType, index);
  const where = `RestApi ${apiId}, Stage ${stageName}, Resource res001, HttpMethod ${route.method}`;
  const limit = `Limit: ${rateRps.toFixed(2)} Burst: ${Math.round(burst)}`;
  const detail = `Key throttle limit exceeded for Usage Plan ID plan01, ${where}. ${limit}`;
  const key = `API Key ${'*'.repeat(34)}abcdef exceeded throttle limit for API Stage ${apiId}/${stageName}`;
  return `${new Date(timeMs).toISOString()} (${requestId}) ${key}: ${detail}\n`;
}

/** Whether any stage of a scenario writes an execution log. */
export function hasExecutionLog({ stages }: Scenario): boolean {
  return stages.some(({ item }) => item.executionLogLevel === 'ERROR');
}

/** The execution log of a scenario at level ERROR, line by line in order of time, each with its end: what usage plans refused. */
export function* writeExecutionLog(scenario: Scenario, random: Random): Generator<string> {
  let index = 0;
  for (const request of simulateRequests(scenario, random)) {
    index += 1;
    const isWritten = request.outcome === 'over-plan' && request.stage.item.executionLogLevel === 'ERROR';
    if (isWritten) yield writeRefusal(request, index);
  }
}
