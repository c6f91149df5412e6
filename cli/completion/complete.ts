import type { Command } from "commander";
import type { ConnectOptions, Session, World } from "../session.ts";
import { candidates } from "./candidates.ts";

/** How a shell asks: `polyphony __complete <words…>`, the last of them unfinished. kubectl asks the same way. */
export const completeWord = "__complete";

/** A shell must not wait for a cluster that does not answer. */
const patienceMs = 2_000;

/** The cluster and the platform that the words so far choose. */
export const connectionIn = (typed: readonly string[]): ConnectOptions => {
  const valueOf = (option: string): string | undefined => {
    const index = typed.indexOf(option);
    return index === -1
      ? typed.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1)
      : typed[index + 1];
  };
  const [kubeconfig, context, api] = [valueOf("--kubeconfig"), valueOf("--context"), valueOf("--api")];
  return {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(api === undefined ? {} : { api }),
  };
};

/**
 * Writes each candidate on a line, its description after a tab, and last `:4`, which tells kubectl and the shells that
 * file names are not meant (cobra's ShellCompDirectiveNoFileComp). Without a cluster there are no live names.
 */
export const complete = async (program: Command, session: Session, typed: readonly string[]): Promise<void> => {
  const { terminal, timer } = session as World;
  const late = new Promise<[]>((resolve) => void timer.after(patienceMs, () => resolve([])));
  const found = await Promise.race([candidates(program, session, typed).catch(() => []), late]);
  for (const { word, about } of found) terminal.out(about === "" ? `${word}\n` : `${word}\t${about}\n`);
  terminal.out(":4\n");
};
