import { describe, expect, it, vi } from 'vitest';
import { createCheckReceivers, ReceiverError } from '#shared/application/check-receivers.ts';

const well = async (): Promise<null> => null;

describe('checkReceivers()', () => {
  it('checkReceivers() records a heartbeat if all receivers are well', async () => {
    const recordHeartbeat = vi.fn();

    await createCheckReceivers({ sns: well, slack: well }, recordHeartbeat)();

    expect(recordHeartbeat).toHaveBeenCalledTimes(1);
  });

  it('checkReceivers() names all that is wrong, and records nothing', async () => {
    const recordHeartbeat = vi.fn();
    const checks = {
      sns: async () => 'NotFoundException',
      slack: async () => 'missing scopes chat:write',
      other: well,
    };

    const error = await createCheckReceivers(checks, recordHeartbeat)().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ReceiverError);
    expect(error).toHaveProperty('message', 'sns: NotFoundException; slack: missing scopes chat:write');
    expect(recordHeartbeat).not.toHaveBeenCalled();
  });

  it('checkReceivers() records nothing if a check fails itself', async () => {
    const recordHeartbeat = vi.fn();
    const slack = async () => Promise.reject(new Error('bug'));

    await expect(createCheckReceivers({ sns: well, slack }, recordHeartbeat)()).rejects.toThrow('bug');

    expect(recordHeartbeat).not.toHaveBeenCalled();
  });
});
