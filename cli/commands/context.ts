import { clean } from '#cli/render/terminal.ts';

/** What a command needs from the process, so that tests can stand in for it. */
export type CommandContext = {
  readonly stdin: NodeJS.ReadStream;
  /** `onTaken` is called when the text, or the news that nobody takes it, is through. */
  readonly stdout: { write: (text: string, onTaken?: () => void) => unknown };
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Standard output is a terminal, and not a pipe or a file. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters, as it is now. */
  readonly columns: number;
  /** Its height. */
  readonly rows: number;
  readonly hasColors: boolean;
  readonly setExitCode: (code: number) => void;
};

/** Prints a line for the reader, not for the program behind the pipe. It may hold file names, which are not ours. */
export function note(context: CommandContext, text: string): void {
  context.stderr.write(`${clean(text)}\n`);
}

/** The version of the SDK is Gatewatch's affair, and so is the Node version that it wants. To be called before it is loaded. */
export function hideSdkWarning({ env }: CommandContext): void {
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
