import { parse } from 'jsurl';

/** What an address of the CloudWatch console carries behind the given words of its fragment. */
export function readConsoleAddress(url: string, words: string): unknown {
  const [page, carried] = url.split(words);
  if (page === undefined || carried === undefined) throw new Error(`${words} is not in ${url}`);
  return parse(carried);
}
