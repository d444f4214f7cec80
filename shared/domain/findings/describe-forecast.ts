import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { type Describe, measure, quotaLinks } from '#shared/domain/findings/description.ts';
import { formatCount, formatRps } from '#shared/domain/findings/format.ts';

/** What to do while there is time. */
export const LIMIT_WHAT_GROWS =
  'Find what grows; limit it at its stage, or raise quota L-8A5B8E43 before requests are refused.';

function forecastOf({ latest, status }: Occurrence): string {
  const slope = `at +${formatRps(measure(latest, 'slopeRpsPerMinute'))} rps/min`;
  const quota = `the quota of ${formatRps(measure(latest, 'quotaRps'))} rps`;
  if (latest['minutesToQuota'] === undefined)
    return `${quota} comes nearer; when it is reached cannot be told`;
  const minutes = formatCount(measure(latest, 'minutesToQuota'));
  // Outwards: an interval of whole minutes must not be narrower than the true one.
  const earliest = formatCount(Math.floor(measure(latest, 'earliestMinutes')));
  const latestMinutes = formatCount(Math.ceil(measure(latest, 'latestMinutes')));
  const days = measure(latest, 'usesEarlierDays') > 0 ? ', as on earlier days' : '';
  const reached = status === 'open' ? 'is reached' : 'would have been reached';
  return `${slope} ${quota} ${reached} in ${minutes} min (80 %: ${earliest} to ${latestMinutes})${days}`;
}

/** Describes `headroom.forecast`: how long it takes until the quota is reached. */
export const describeForecast: Describe = (occurrence) => ({
  title: 'Account heads for its throttle',
  value: measure(occurrence.latest, 'minutesToQuota'),
  expected: null,
  unit: 'minutes',
  evidence: [{ label: 'Forecast', value: forecastOf(occurrence) }],
  links: quotaLinks(occurrence.scope),
  nextStep: LIMIT_WHAT_GROWS,
});
