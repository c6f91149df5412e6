import { noAccess, wrongUsage } from "../cli-error.ts";
import { closest } from "../output/closest.ts";
import { type Context, readContexts } from "./contexts.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the API is, and under which name its login is kept; without a name nothing is kept. */
export type Chosen = { readonly name: string | undefined; readonly context: Context };

const loopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * An address as it is kept: origin and path, no slash at the end. Without a scheme it is https.
 * @throws CliError (2) when it is none, or would send a token unencrypted over a network
 */
export const addressOf = (text: string): string => {
  const url = URL.parse(text.includes("://") ? text : `https://${text}`);
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw wrongUsage(`${text} is no address.`, { hints: ["Write for example https://polyphony.example.org"] });
  if (url.protocol === "http:" && !loopback.test(url.hostname))
    throw wrongUsage(`${url.origin} is not encrypted, so a login would be read on its way.`, {
      hints: ["Say https://; http:// is only for this machine."],
    });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
};

const looksLikeAddress = (text: string): boolean => text.includes("://") || text.includes(".") || text.includes(":");

const unknown = (wanted: string, names: readonly string[]) => {
  const near = closest(wanted, names);
  return wrongUsage(`There is no context "${wanted}".`, {
    hints: near === undefined ? [] : [`Did you mean ${near}?`],
    next: "context ls",
  });
};

/** The context of that name, or the one of that address. */
export const findContext = (env: Environment, wanted: string): Chosen => {
  const { contexts } = readContexts(env);
  const named = contexts[wanted];
  if (named) return { name: wanted, context: named };
  if (!looksLikeAddress(wanted)) throw unknown(wanted, Object.keys(contexts));
  const api = addressOf(wanted);
  const [name, context] = Object.entries(contexts).find(([, one]) => one.api === api) ?? [];
  return { name, context: context ?? { api } };
};

/** The context of that name or address. @throws CliError (2) when none is kept for it */
export const keptContext = (env: Environment, wanted: string): Chosen & { readonly name: string } => {
  const { name, context } = findContext(env, wanted);
  if (name === undefined) throw unknown(wanted, Object.keys(readContexts(env).contexts));
  return { name, context };
};

/**
 * The platform of --api, $POLYPHONY_API or the current context.
 * @throws CliError (4) when none is known, (2) when there is no such one
 */
export const chooseContext = (asked: string | undefined, env: Environment): Chosen => {
  const wanted = asked ?? (env["POLYPHONY_API"] || undefined) ?? readContexts(env).current;
  if (wanted !== undefined) return findContext(env, wanted);
  throw noAccess("No platform is known yet.", {
    hints: ["Log in to one. In scripts set POLYPHONY_API and POLYPHONY_TOKEN."],
    next: "login <address>",
  });
};
