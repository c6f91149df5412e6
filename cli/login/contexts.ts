import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { failed } from "../cli-error.ts";

const Tokens = z.object({
  access: z.string().min(1),
  refresh: z.string().min(1).optional(),
  /** RFC 3339; left out when the server did not say. */
  expiresAt: z.iso.datetime().optional(),
});
export type Tokens = z.infer<typeof Tokens>;

const Context = z.object({ api: z.url(), tokens: Tokens.optional() });
export type Context = z.infer<typeof Context>;

const Contexts = z.object({ current: z.string().optional(), contexts: z.record(z.string(), Context) });
export type Contexts = z.infer<typeof Contexts>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the contexts are kept: under $XDG_CONFIG_HOME or ~/.config. */
export const contextsFile = (env: Environment): string =>
  join(env["XDG_CONFIG_HOME"] ?? join(env["HOME"] ?? homedir(), ".config"), "polyphony", "contexts.json");

/** All contexts; none when there is no file yet. @throws CliError when it is not what we wrote */
export const readContexts = (env: Environment): Contexts => {
  const file = contextsFile(env);
  try {
    return Contexts.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { contexts: {} };
    throw failed(`The contexts in ${file} cannot be read.`, {
      hints: [error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message, "Mend it or remove it."],
      next: "login <address>",
      cause: error,
    });
  }
};

/** Writes them whole, for their owner only, so that no reader ever sees half of them. */
export const writeContexts = (env: Environment, contexts: Contexts): void => {
  const file = contextsFile(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(contexts, null, 2)}\n`, { mode: 0o600 });
  // A draft that was left behind keeps the mode it had.
  chmodSync(draft, 0o600);
  renameSync(draft, file);
};

/** Puts a context in the place of the one of that name, or takes it away. */
export const changeContext = (
  env: Environment,
  name: string,
  change: (before: Context | undefined) => Context,
): void => {
  const all = readContexts(env);
  writeContexts(env, { ...all, contexts: { ...all.contexts, [name]: change(all.contexts[name]) } });
};
