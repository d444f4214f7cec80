/** What a command needs from the process, so that tests can stand in for it. */
export type CommandContext = {
  readonly stdout: { write: (text: string) => unknown };
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Width of the terminal in characters. */
  readonly columns: number;
  readonly hasColors: boolean;
  readonly setExitCode: (code: number) => void;
};

/** Prints a line for the reader, not for the program behind the pipe. */
export function note(context: CommandContext, text: string): void {
  context.stderr.write(`${text}\n`);
}
