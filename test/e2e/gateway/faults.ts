import type { AwsCall } from '#test/e2e/gateway/aws-call.ts';
import { jsonRefusal, type RawReply } from '#test/e2e/gateway/raw-request.ts';

/**
 * What can go wrong with a call, by name.
 * `drop-before-accepting`: the connection breaks before the service saw the call.
 * `drop-after-accepting`: the service did it, and the connection breaks before the answer.
 * `error-after-accepting`: the service did it, and answers 500.
 * `silence`: the service did nothing, and no answer ever comes.
 * `throttle`: the service did nothing, and asks for patience.
 * `refuse`: the service takes the call for invalid.
 * `table-missing`: DynamoDB does not know the table.
 */
export const FAULT_NAMES = [
  'drop-before-accepting',
  'drop-after-accepting',
  'error-after-accepting',
  'silence',
  'throttle',
  'refuse',
  'table-missing',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

export type Fault = {
  readonly name: FaultName;
  readonly action: string;
  /** Only calls by this function. */
  readonly caller?: string;
  /** How many calls fail; `Infinity` until it is taken back. */
  readonly times: number;
};

const REFUSALS: Readonly<Partial<Record<FaultName, () => RawReply>>> = {
  'drop-before-accepting': () => 'drop',
  silence: () => 'silence',
  refuse: () => jsonRefusal(400, 'InvalidParameterValueException', 'The value is invalid'),
  throttle: () => jsonRefusal(400, 'ThrottlingException', 'Rate exceeded'),
  'table-missing': () =>
    jsonRefusal(
      400,
      'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      'Requested resource not found',
    ),
};

const AFTER_ACCEPTING: Readonly<Partial<Record<FaultName, () => RawReply>>> = {
  'drop-after-accepting': () => 'drop',
  'error-after-accepting': () => jsonRefusal(500, 'InternalFailure', 'The request processing has failed'),
};

/** Breaks calls on request. */
export type Faults = {
  readonly inject: (fault: Fault) => void;
  /** Takes back what has not happened yet. */
  readonly clear: () => void;
  /** How many of the injected failures have not happened yet. */
  readonly pending: () => number;
  /** Answers a call, through or instead of the service. */
  readonly around: (call: AwsCall, answer: () => Promise<RawReply>) => Promise<RawReply>;
};

/** Creates a set of faults without any. */
export function createFaults(): Faults {
  let armed: Fault[] = [];

  function take(call: AwsCall): FaultName | null {
    const hit = armed.find(
      ({ action, caller }) => action === call.action && (caller === undefined || caller === call.caller),
    );
    if (hit === undefined) return null;
    armed = armed.flatMap((fault) =>
      fault !== hit ? [fault] : fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [],
    );
    return hit.name;
  }

  return {
    inject: (fault) => {
      armed.push(fault);
    },
    clear: () => {
      armed = [];
    },
    pending: () => armed.reduce((sum, { times }) => sum + times, 0),
    around: async (call, answer) => {
      const name = take(call);
      if (name === null) return answer();
      const refusal = REFUSALS[name];
      if (refusal !== undefined) return refusal();
      await answer();
      return AFTER_ACCEPTING[name]?.() ?? 'drop';
    },
  };
}
