import type { Session } from "./session.ts";
import { browserOf } from "./system/browser-of.ts";

/** Opens an address in the person's browser, where there is one and somebody to look at it. */
export const visitAddress = async (session: Session, url: string): Promise<void> => {
  const { terminal, env } = session;
  const browser = terminal.interactive ? browserOf(env, process.platform) : undefined;
  if (browser === undefined) return;
  const code = await session.run(browser, [url]);
  if (code !== 0) terminal.err(`${browser} could not open it; the address is above.\n`);
};
