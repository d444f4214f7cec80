/** Long enough to tell the findings of one incident apart. */
const SHORT_ID_LENGTH = 12;

/** A finding's id as snapshots, and the list of those that an incident left out, keep it. */
export function shortId({ id }: { readonly id: string }): string {
  return id.slice(0, SHORT_ID_LENGTH);
}
