import { describe, expect, it } from 'vitest';
import { createHandleCustomResource } from '#shared/application/handle-custom-resource.ts';
import type { CustomResourceOutcome, CustomResourceRequest } from '#shared/application/ports.ts';

const REQUEST: CustomResourceRequest = {
  type: 'Delete',
  responseUrl: 'https://cloudformation.example/secret',
  stackId: 'stack',
  requestId: 'request-1',
  logicalResourceId: 'LogGroupSubscriptions',
  physicalResourceId: 'gatewatch-subscriptions',
};

const never = new Promise<never>(() => {});

function createHandler({
  onDelete = async (_hasTime: () => boolean): Promise<unknown> => 3,
  wait = (): Promise<void> => never,
} = {}) {
  const answers: CustomResourceOutcome[] = [];
  const waits: number[] = [];
  const handle = createHandleCustomResource({
    onDelete,
    answer: async (_, outcome) => {
      answers.push(outcome);
    },
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return wait();
    },
  });
  return { handle, answers, waits };
}

describe('handleCustomResource()', () => {
  it.each(['Create', 'Update'] as const)('answers SUCCESS to %s without doing anything', async (type) => {
    const { handle, answers } = createHandler({ onDelete: () => Promise.reject(new Error('called')) });

    expect(await handle({ ...REQUEST, type }, 1_000)).toEqual({ status: 'SUCCESS' });
    expect(answers).toEqual([{ status: 'SUCCESS' }]);
  });

  it('answers SUCCESS to Delete when the work is done', async () => {
    const { handle, answers } = createHandler();

    await handle(REQUEST, 1_000);

    expect(answers).toEqual([{ status: 'SUCCESS' }]);
  });

  it('answers FAILED with the message of an error, and not with its cause', async () => {
    const error = new TypeError('no table', { cause: new Error('secret') });
    const { handle, answers } = createHandler({ onDelete: () => Promise.reject(error) });

    await handle(REQUEST, 1_000);

    expect(answers).toEqual([{ status: 'FAILED', reason: 'TypeError: no table' }]);
  });

  it('answers FAILED when the work throws what is no error', async () => {
    const { handle, answers } = createHandler({ onDelete: () => Promise.reject('text') });

    await handle(REQUEST, 1_000);

    expect(answers).toEqual([{ status: 'FAILED', reason: 'unknown error' }]);
  });

  it('answers FAILED when the time is over before the work is', async () => {
    const { handle, answers, waits } = createHandler({ onDelete: () => never, wait: async () => {} });

    await handle(REQUEST, 1_000);

    expect(waits).toEqual([1_000]);
    expect(answers).toEqual([{ status: 'FAILED', reason: expect.stringContaining('Out of time') }]);
  });

  it('tells the work when its time is over', async () => {
    const seen: boolean[] = [];
    let tellTime: () => boolean = () => false;
    let end: () => void = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    const { handle } = createHandler({
      onDelete: (hasTime) => {
        tellTime = hasTime;
        seen.push(hasTime());
        return never;
      },
      wait: () => over,
    });

    const handled = handle(REQUEST, 1_000);
    end();
    await handled;

    expect([...seen, tellTime()]).toEqual([true, false]);
  });

  it('asks for no negative time when there is none left', async () => {
    const { handle, answers, waits } = createHandler({ onDelete: () => never, wait: async () => {} });

    await handle(REQUEST, -4_000);

    expect(waits).toEqual([0]);
    expect(answers).toMatchObject([{ status: 'FAILED' }]);
  });

  it('throws when the answer does not get through', async () => {
    const handle = createHandleCustomResource({
      onDelete: async () => {},
      answer: () => Promise.reject(new Error('HTTP 403')),
      wait: () => never,
    });

    await expect(handle(REQUEST, 1_000)).rejects.toThrow('HTTP 403');
  });
});
