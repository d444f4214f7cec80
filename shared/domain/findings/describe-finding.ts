import { CAUSES } from '#shared/domain/causes/causes.ts';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeAccount } from '#shared/domain/findings/describe-account.ts';
import { describeBlindLogs, describeBlindMetrics } from '#shared/domain/findings/describe-blindness.ts';
import { describeForecast, LIMIT_WHAT_GROWS } from '#shared/domain/findings/describe-forecast.ts';
import { describeBodyLogging } from '#shared/domain/findings/describe-logging.ts';
import { describeNoisyNeighbour } from '#shared/domain/findings/describe-neighbour.ts';
import { describeQuotaChange } from '#shared/domain/findings/describe-quota.ts';
import {
  describeErrorBudget,
  describeLatency,
  describeTimeoutBudget,
} from '#shared/domain/findings/describe-stage.ts';
import {
  describeAccountThrottling,
  describeClientThrottling,
  describeStageThrottling,
} from '#shared/domain/findings/describe-throttling.ts';
import type { Describe, Description } from '#shared/domain/findings/description.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { findingLinks } from '#shared/domain/links/finding-links.ts';

const DESCRIBE: Readonly<Record<JudgedKind, Describe>> = {
  'headroom.low': describeAccount('Account close to its throttle', LIMIT_WHAT_GROWS),
  'headroom.exhausted': describeAccount('Account throttle exhausted', CAUSES['throttle.account'].nextStep),
  'headroom.forecast': describeForecast,
  'burst.exhausted': describeAccount(
    'Burst bucket ran empty',
    'Spread what comes in bursts: look for schedules, retries without jitter, and batches; or limit its stage.',
  ),
  'throttling.account': describeAccountThrottling,
  'quota.changed': describeQuotaChange,
  'throttling.stage': describeStageThrottling,
  'throttling.client': describeClientThrottling,
  'noisy-neighbour': describeNoisyNeighbour,
  'error-budget': describeErrorBudget,
  latency: describeLatency,
  'timeout-budget': describeTimeoutBudget,
  'logging.bodies': describeBodyLogging,
  'blind.logs': describeBlindLogs,
  'blind.metrics': describeBlindMetrics,
};

/**
 * Puts an occurrence into words and links. Names come from the inventory; ids stand in where it does not know a stage.
 */
export function describeFinding(occurrence: Occurrence, inventory: readonly InventoryItem[]): Description {
  const description = DESCRIBE[occurrence.kind](occurrence, inventory);
  const links = findingLinks(occurrence, inventory, description.title);
  return { ...description, links: [...links, ...description.links] };
}
