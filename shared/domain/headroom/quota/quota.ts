/** The throttle that all APIs of an account share in one Region: a token bucket. Both are above 0. */
export type Quota = { readonly rateRps: number; readonly burst: number };

/** Regions where AWS gives new accounts a quarter of the usual quota. */
const SMALL_QUOTA_REGIONS: ReadonlySet<string> = new Set([
  'af-south-1',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'mx-central-1',
]);

/**
 * The quota that AWS gives by default in a Region, for when nothing tells the real one.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html}
 */
export function defaultQuota(region: string): Quota {
  return SMALL_QUOTA_REGIONS.has(region)
    ? { rateRps: 2_500, burst: 1_250 }
    : { rateRps: 10_000, burst: 5_000 };
}
