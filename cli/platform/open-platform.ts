import { createApi } from "../api/api.ts";
import { chooseContext } from "../login/choose-context.ts";
import { createTokenSource } from "../login/token-source.ts";
import type { Platform, World } from "../session.ts";

/** The platform of --api, $POLYPHONY_API or the current context. @throws CliError (4) when none is known */
export const openPlatform = ({ api }: { api?: string }, world: World): Platform => {
  const { env, fetch, timer, interrupt } = world;
  const chosen = chooseContext(api, env);
  const address = chosen.context.api;
  const loginAdvice = env["POLYPHONY_TOKEN"]
    ? { hints: ["The token in POLYPHONY_TOKEN was sent. Set another one, or unset it and log in."] }
    : { next: `login ${address}` };
  const tokens = createTokenSource(chosen, { env, fetch, timer });
  return {
    api: createApi({ address, fetch, interrupt, loginAdvice, ...tokens }),
    address,
    context: chosen.name,
  };
};
