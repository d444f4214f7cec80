import { describe, expect, it, vi } from 'vitest';
import { createFaults } from '#test/e2e/gateway/faults.ts';
import { jsonAnswer } from '#test/e2e/gateway/raw-request.ts';

const CALL = { caller: 'f', action: 'dynamodb:PutItem', resource: '*', context: {} };
const OK = jsonAnswer(200, {});

describe('createFaults()', () => {
  it.each([
    ['drop-after-accepting', 1, 'drop'],
    ['error-after-accepting', 1, { status: 500 }],
    ['drop-before-accepting', 0, 'drop'],
    ['silence', 0, 'silence'],
    ['throttle', 0, { status: 400 }],
    ['refuse', 0, { status: 400 }],
    ['table-missing', 0, { status: 400 }],
  ] as const)('createFaults() %s: the service does it %i times', async (name, times, expected) => {
    const faults = createFaults();
    const answer = vi.fn(async () => OK);
    faults.inject({ name, action: CALL.action, times: 1 });

    const reply = await faults.around(CALL, answer);

    expect(answer).toHaveBeenCalledTimes(times);
    if (typeof expected === 'string') expect(reply).toBe(expected);
    else expect(reply).toMatchObject(expected);
    expect(faults.pending()).toBe(0);
    expect(await faults.around(CALL, answer)).toBe(OK);
  });

  it('createFaults() breaks calls until it is told to stop', async () => {
    const faults = createFaults();
    faults.inject({ name: 'throttle', action: CALL.action, times: Number.POSITIVE_INFINITY });
    for (let call = 0; call < 5; call += 1) expect(await faults.around(CALL, async () => OK)).not.toBe(OK);

    faults.clear();

    expect(await faults.around(CALL, async () => OK)).toBe(OK);
  });

  it('createFaults() breaks only the named action and caller, as often as asked', async () => {
    const faults = createFaults();
    const answer = async () => OK;
    faults.inject({ name: 'throttle', action: CALL.action, caller: 'f', times: 2 });

    expect(await faults.around({ ...CALL, caller: 'g' }, answer)).toBe(OK);
    expect(await faults.around({ ...CALL, action: 'dynamodb:GetItem' }, answer)).toBe(OK);
    expect(await faults.around(CALL, answer)).not.toBe(OK);
    expect(await faults.around(CALL, answer)).not.toBe(OK);
    expect(await faults.around(CALL, answer)).toBe(OK);
  });
});
