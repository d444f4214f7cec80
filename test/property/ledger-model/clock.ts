/** The time of a history, epoch milliseconds: it passes when somebody waits. */
export type Clock = { nowMs: number };

/** The invocation was killed: nothing after it runs. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** One invocation of a function. Lambda kills it at its deadline, and a history at any call. */
export type Process = {
  readonly requestId: string;
  readonly deadlineMs: number;
  isDead: boolean;
  /** A call to the ledger failed: it could not write down how far it got. */
  isMute: boolean;
};

/** @throws {Killed} Unless the process is alive at this time */
export function stayAlive(process: Process, { nowMs }: Clock): void {
  if (nowMs >= process.deadlineMs) process.isDead = true;
  if (process.isDead) throw new Killed();
}
