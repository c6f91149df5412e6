import type { Timer } from "../../kube/clock.ts";
import type { Fetch } from "../session.ts";
import type { Chosen } from "./choose-context.ts";
import { changeContext, contextsFile, readContexts, type Tokens } from "./contexts.ts";
import { findLoginServer } from "./login-server.ts";
import { withLock } from "./with-lock.ts";

export type TokenSource = {
  /** The token to send; undefined when nobody is logged in. */
  readonly token: () => Promise<string | undefined>;
  /** Another one in place of one that the API refused; undefined when there is none. */
  readonly renew: (refused: string) => Promise<string | undefined>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** A token that ends within this time is renewed before it is sent. */
const earlyMs = 30_000;

/**
 * The login of a context, renewed when it ends; or the token of $POLYPHONY_TOKEN, which is used as it is. A refresh
 * token is good for one use, so that processes side by side take turns, and take what another one has fetched.
 */
export const createTokenSource = (
  { name, context: { api } }: Chosen,
  { env, fetch, timer }: { env: Environment; fetch: Fetch; timer: Timer },
): TokenSource => {
  const fixed = env["POLYPHONY_TOKEN"];
  if (fixed) return { token: () => Promise.resolve(fixed), renew: () => Promise.resolve(undefined) };
  if (name === undefined) return { token: () => Promise.resolve(undefined), renew: () => Promise.resolve(undefined) };

  const kept = (): Tokens | undefined => readContexts(env).contexts[name]?.tokens;
  const endsSoon = ({ expiresAt }: Tokens): boolean =>
    expiresAt !== undefined && Date.parse(expiresAt) - timer.now().getTime() < earlyMs;

  const renew = (refused: string): Promise<string | undefined> =>
    withLock(contextsFile(env), timer, async () => {
      const before = kept();
      if (before && before.access !== refused) return before.access;
      if (before?.refresh === undefined) return undefined;
      const server = await findLoginServer(api, fetch, () => timer.now());
      const after = await server.refresh(before.refresh);
      // The person has to log in again.
      if (!after) return undefined;
      changeContext(env, name, () => ({ api, tokens: { refresh: before.refresh, ...after } }));
      return after.access;
    });

  return {
    token: async () => {
      const tokens = kept();
      if (!tokens || !endsSoon(tokens)) return tokens?.access;
      return (await renew(tokens.access)) ?? tokens.access;
    },
    renew,
  };
};
