import type { Demo } from "../../e2e/support/demo-installation.ts";

/** Whom to call, by a name for people. */
export type Target = { name: string; host: string; port: number };

/** What came of a call: a refusal shows that the packet arrived just as an answer does. */
export type Reached = { name: string; arrived: boolean; how: string };

/** Runs in a pod: connects to each target at once and says what came of it within two seconds. */
const script = (targets: readonly Target[]): string => `
  const net = require("net");
  const call = ({ name, host, port }) => new Promise((resolve) => {
    const end = (how) => { socket.destroy(); resolve({ name, how }); };
    const socket = net.connect({ host, port, timeout: 2000 });
    socket.on("connect", () => end("open")).on("timeout", () => end("timeout")).on("error", (error) => end(error.code ?? "error"));
  });
  Promise.all(${JSON.stringify(targets)}.map(call)).then((all) => console.log(JSON.stringify(all)));
`;

/** Calls each target by TCP from a pod that has Node.js. @throws Error when nothing can be run in the pod */
export const reachFrom = async (
  demo: Demo,
  namespace: string,
  pod: string,
  targets: readonly Target[],
): Promise<Reached[]> => {
  const { code, stdout, stderr } = await demo.kubectl([
    "-n",
    namespace,
    "exec",
    pod,
    "--",
    "node",
    "-e",
    script(targets),
  ]);
  if (code !== 0) throw new Error(`Nothing can be run in ${namespace}/${pod}: ${stderr}`);
  const all = JSON.parse(stdout) as { name: string; how: string }[];
  return all.map(({ name, how }) => ({
    name,
    how,
    arrived: how === "open" || how === "ECONNREFUSED" || how === "ECONNRESET",
  }));
};
