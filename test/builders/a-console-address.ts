import { freePorts } from "../harness/free-ports.ts";

/** Settings of a control API that is to be found under its public name, as vaults and browsers find it. `host` is this machine. */
export const aConsoleAddress = async (host = "127.0.0.1"): Promise<{ PUBLIC_URL: string; PORT: string }> => {
  const [port = 0] = await freePorts(1);
  return { PUBLIC_URL: `http://${host}:${String(port)}`, PORT: String(port) };
};
