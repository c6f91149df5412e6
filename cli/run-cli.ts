import { CommanderError } from "commander";
import { CliError } from "./cli-error.ts";
import { complete, completeWord, connectionIn } from "./completion/complete.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { failureOf } from "./failure-of.ts";
import { styleFor } from "./output/style.ts";
import { openPlatform } from "./platform/open-platform.ts";
import { createProgram } from "./program.ts";
import type { Cluster, ConnectOptions, Platform, Session, World } from "./session.ts";

/** An error as a person reads it: what, why, and what to run next. */
const report = ({ terminal, program }: World, { code, message, hints, next }: CliError): void => {
  const style = styleFor(terminal.colour);
  // What the person ended is no error.
  terminal.err(code === exitCode.interrupted ? `${message}\n` : `${style.bad("error:")} ${message}\n`);
  for (const hint of hints) terminal.err(`  ${hint}\n`);
  if (next !== undefined) terminal.err(`  Next: ${program} ${next}\n`);
};

/** Commander has said its own already: help and version are no failure, all else is wrong usage. */
const codeOfCommander = (error: CommanderError): ExitCode => (error.exitCode === 0 ? exitCode.ok : exitCode.usage);

/** Runs one command line (without node and script) and gives its exit code; never throws. */
export const runCli = async (args: readonly string[], world: World): Promise<ExitCode> => {
  let cluster: Cluster | undefined;
  let platform: Platform | undefined;
  const chosen = (): ConnectOptions => (completes ? connectionIn(args) : program.opts<ConnectOptions>());
  const session: Session = {
    ...world,
    cluster: () => (cluster ??= world.connect(chosen())),
    platform: () => (platform ??= openPlatform(chosen(), world)),
  };
  const completes = args[0] === completeWord;
  const program = createProgram(session);
  try {
    if (completes) {
      await complete(program, session, args.slice(1));
      return exitCode.ok;
    }
    await program.parseAsync(args, { from: "user" });
    return exitCode.ok;
  } catch (error) {
    if (error instanceof CommanderError) return codeOfCommander(error);
    const failure = failureOf(error);
    if (world.interrupt.aborted && failure.code !== exitCode.interrupted) {
      report(world, new CliError(exitCode.interrupted, "Interrupted."));
      return exitCode.interrupted;
    }
    report(world, failure);
    if (world.env["DEBUG"] && error instanceof Error) world.terminal.err(`${error.stack ?? ""}\n`);
    return failure.code;
  } finally {
    cluster?.close();
  }
};
