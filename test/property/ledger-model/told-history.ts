import type { Books } from '#test/property/ledger-model/books.ts';
import type { Fate } from '#test/property/ledger-model/fates.ts';

/**
 * What happens, in order. `deliver`: CloudWatch Logs hands an envelope over, maybe not for the first time, and maybe
 * to two invocations at once, of one request or of two. `repeat`: Lambda tries a failed request again, at once or when its lease is over.
 * `consume`: a parked message comes out of the queue, and with `isKept` comes again. `redrive`: the dead letters are
 * invoked again. `deploy`: new code plans an envelope in another way.
 */
export type Action =
  | {
      readonly do: 'deliver';
      readonly envelope: number;
      readonly copy: 'none' | 'same-request' | 'other-request';
    }
  | { readonly do: 'repeat'; readonly isLate: boolean }
  | { readonly do: 'consume'; readonly place: number; readonly isKept: boolean }
  | { readonly do: 'redrive' }
  | { readonly do: 'deploy'; readonly envelope: number };

export type History = {
  /** Events of each call of each envelope. */
  readonly sizes: readonly (readonly number[])[];
  readonly actions: readonly Action[];
  readonly fates: readonly (readonly [Fate, number])[];
};

/** What a history came to. */
export type Ending = {
  /** What broke the promise; `null` if nothing did. */
  readonly fault: string | null;
  readonly books: readonly Books[];
  readonly dealt: readonly Fate[];
  readonly seen: ReadonlySet<string>;
};
