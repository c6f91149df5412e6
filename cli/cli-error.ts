import { exitCode, type ExitCode } from "./exit-code.ts";

export type Advice = {
  /** Further lines for the person: what was refused, what else there is. */
  hints?: readonly string[];
  /** The command of ours to run next, without the program's name. */
  next?: string;
  cause?: unknown;
};

/** An error as a person gets it: what happened, what to know, what to run next; and the exit code that says so to scripts. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: ExitCode;
  readonly hints: readonly string[];
  readonly next: string | undefined;
  constructor(code: ExitCode, message: string, { hints = [], next, cause }: Advice = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hints = hints;
    this.next = next;
  }
}

export const failed = (message: string, advice?: Advice) => new CliError(exitCode.failed, message, advice);
export const wrongUsage = (message: string, advice?: Advice) => new CliError(exitCode.usage, message, advice);
export const notFound = (message: string, advice?: Advice) => new CliError(exitCode.notFound, message, advice);
export const noAccess = (message: string, advice?: Advice) => new CliError(exitCode.auth, message, advice);
export const conflict = (message: string, advice?: Advice) => new CliError(exitCode.conflict, message, advice);
export const tooLate = (message: string, advice?: Advice) => new CliError(exitCode.timeout, message, advice);
export const interrupted = (message: string, advice?: Advice) => new CliError(exitCode.interrupted, message, advice);
