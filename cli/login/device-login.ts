import { sleep } from "../../kube/clock.ts";
import { interrupted, tooLate } from "../cli-error.ts";
import type { Session } from "../session.ts";
import { visitAddress } from "../visit-address.ts";
import type { Tokens } from "./contexts.ts";
import type { DeviceRequest, LoginServer } from "./login-server.ts";

/** RFC 8628, 3.5: whoever is told to slow down asks five seconds later from then on. */
const slowerMs = 5_000;

const tell = async (session: Session, asked: DeviceRequest, openBrowser: boolean): Promise<void> => {
  const { terminal } = session;
  terminal.err(`Open ${asked.completeAddress ?? asked.address} in a browser\nand confirm the code ${asked.userCode}\n`);
  if (openBrowser) await visitAddress(session, asked.completeAddress ?? asked.address);
  terminal.err("Waiting for it …\n");
};

/**
 * Logs the person in through a browser, which may be on another machine (RFC 8628).
 * @throws CliError when they said no (4), let it pass (6) or pressed Ctrl-C (130)
 */
export const deviceLogin = async (session: Session, server: LoginServer, openBrowser: boolean): Promise<Tokens> => {
  const { timer, interrupt } = session;
  const asked = await server.begin();
  await tell(session, asked, openBrowser);
  const until = timer.monotonicMs() + asked.expiresInMs;
  let pause = asked.intervalMs;
  while (timer.monotonicMs() < until) {
    await sleep(timer, pause, interrupt);
    if (interrupt.aborted) throw interrupted("Interrupted. You are not logged in.");
    const answer = await server.poll(asked.deviceCode);
    if (answer === "slower") pause += slowerMs;
    else if (answer !== "pending") return answer;
  }
  throw tooLate("The code was not confirmed in time.", { next: `login ${server.api}` });
};
