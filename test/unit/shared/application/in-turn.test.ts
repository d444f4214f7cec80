import { describe, expect, it } from 'vitest';
import { inTurn } from '#shared/application/in-turn.ts';

describe('inTurn()', () => {
  const fail = (message: string) => async () => {
    throw new Error(message);
  };

  it('inTurn() runs the steps one after the other, also those after a failure, and throws its error', async () => {
    const ran: string[] = [];
    const step = (name: string) => async () => {
      await Promise.resolve();
      ran.push(name);
    };

    await expect(inTurn([step('one'), fail('two is down'), step('three')])).rejects.toThrow('two is down');
    expect(ran).toEqual(['one', 'three']);
  });

  it('inTurn() throws all errors when several steps fail', async () => {
    await expect(inTurn([fail('a'), fail('b'), async () => {}])).rejects.toMatchObject({
      message: '2 of 3 steps failed',
      errors: [new Error('a'), new Error('b')],
    });
  });

  it('inTurn() throws nothing when no step fails', async () => {
    await expect(inTurn([async () => {}])).resolves.toBeUndefined();
  });
});
