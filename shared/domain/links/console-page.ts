import { partitionOf } from '#shared/domain/logging/arn-partition.ts';

const DOMAINS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/**
 * The longest address that a finding carries. Slack takes 3,000 characters; but an incident of fifty findings has to fit
 * into one item of 400 KB and one notification of 256 KB.
 */
const MAX_ADDRESS = 1_300;

/**
 * The address of a page of the AWS console.
 *
 * @param page - Path and fragment; `?region=` is put between them
 * @returns `null` for partitions whose console is not public, and for an address that is too long
 */
export function consolePage(
  region: string,
  { path, fragment = '' }: { readonly path: string; readonly fragment?: string },
): string | null {
  const domain = DOMAINS[partitionOf(region)];
  if (domain === undefined || !/^[a-z0-9-]+$/.test(region)) return null;
  const url = `https://${region}.${domain}/${path}?region=${region}${fragment}`;
  return url.length <= MAX_ADDRESS ? url : null;
}
