import { FAULT_NAMES, type FaultName } from '#test/e2e/gateway/faults.ts';
import { type Clock, Killed, type Process, stayAlive } from '#test/property/ledger-model/clock.ts';

/**
 * What happens to one call of any service: every fault of the end-to-end gateway, and what it cannot do. `storm`: the
 * service throttles for half a minute. `deny`: it refuses the caller. `twice`: the SDK lost an answer and repeated
 * the call by itself. `die-…`: the caller is killed before or after the service saw the call.
 */
export const FATES = [
  ...FAULT_NAMES,
  'accept',
  'storm',
  'deny',
  'twice',
  'die-before-accepting',
  'die-after-accepting',
] as const;

export type Fate = (typeof FATES)[number];

/** The service did nothing, and says so. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly fate: Fate;
  constructor(fate: Fate) {
    super(fate);
    this.fate = fate;
  }
}

/** No answer came: nobody knows what the service did. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** What a client waits for an answer. */
const REQUEST_TIMEOUT_MS = 5_000;
const STORM_MS = 30_000;

/** Deals fates out to the calls of all processes, in the order in which they come; then everything is accepted. */
export type FateDealer = {
  readonly call: <T>(process: Process, service: string, apply: () => Promise<T>) => Promise<T>;
  /** From now on everything works. */
  readonly end: () => void;
  readonly dealt: readonly Fate[];
};

/** Makes a dealer. A number of 0 to 3 says how long other processes run between a call and its answer. */
export function createFateDealer(fates: readonly (readonly [Fate, number])[], clock: Clock): FateDealer {
  const left = [...fates];
  const dealt: Fate[] = [];
  const storms = new Map<string, number>();

  function next(service: string): readonly [Fate, number] {
    if ((storms.get(service) ?? 0) > clock.nowMs) return ['throttle', 0];
    const [fate, turns] = left.shift() ?? ['accept', 0];
    dealt.push(fate);
    // The client of CloudWatch makes one attempt.
    if (fate === 'twice' && service === 'cloudwatch') return ['accept', turns];
    if (fate !== 'storm') return [fate, turns];
    storms.set(service, clock.nowMs + STORM_MS);
    return ['throttle', turns];
  }

  async function perform<T>(fate: Fate, process: Process, apply: () => Promise<T>): Promise<T> {
    const outcomes: Record<Exclude<Fate, 'storm'>, () => Promise<T>> = {
      accept: apply,
      twice: async () => {
        await apply();
        return apply();
      },
      throttle: async () => Promise.reject(new Refused(fate)),
      refuse: async () => Promise.reject(new Refused(fate)),
      deny: async () => Promise.reject(new Refused(fate)),
      'table-missing': async () => Promise.reject(new Refused(fate)),
      'drop-before-accepting': async () => Promise.reject(new NoAnswer()),
      silence: async () => {
        clock.nowMs += REQUEST_TIMEOUT_MS;
        throw new NoAnswer();
      },
      'drop-after-accepting': async () => {
        await apply();
        throw new NoAnswer();
      },
      'error-after-accepting': async () => {
        await apply();
        throw new NoAnswer();
      },
      'die-before-accepting': async () => {
        process.isDead = true;
        throw new Killed();
      },
      'die-after-accepting': async () => {
        await apply();
        process.isDead = true;
        throw new Killed();
      },
    };
    return outcomes[fate as FaultName]();
  }

  return {
    dealt,
    end: () => {
      left.length = 0;
      storms.clear();
    },
    call: async (process, service, apply) => {
      stayAlive(process, clock);
      const [fate, turns] = next(service);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      stayAlive(process, clock);
      try {
        return await perform(fate, process, apply);
      } finally {
        stayAlive(process, clock);
      }
    },
  };
}
