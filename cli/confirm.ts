import { failed, wrongUsage } from "./cli-error.ts";
import type { Session } from "./session.ts";

/**
 * Lets the person type `word` before something is destroyed.
 * @throws CliError when nobody is there to ask (2), or when something else was typed (1)
 */
export const confirmByTyping = async (
  { terminal }: Session,
  { warning, word, yes }: { warning: string; word: string; yes: boolean | undefined },
): Promise<void> => {
  if (yes) return;
  if (!terminal.interactive)
    throw wrongUsage("This destroys something, and nobody is here to be asked.", {
      hints: [warning, "Run it in a terminal, or say --yes."],
    });
  terminal.err(`${warning}\n`);
  const answer = await terminal.ask(`Type ${word} to go on: `);
  if (answer.trim() !== word) throw failed("Nothing was done: that was something else.");
};
