import { clusterAccess } from "../../kube/cluster-access.ts";
import { kinds } from "../../kube/kinds.ts";
import { createLiveKube } from "../../kube/live-kube.ts";
import { guardedKube } from "../../operator/engine/guarded-kube.ts";
import { createLeader } from "../../operator/engine/leader.ts";
import { createLog } from "../../operator/engine/log.ts";

// A process that leads and, while it does, writes all the time. Usage: leader-process.ts <kubeconfig> <namespace> <identity>
// On standard output: "leading <epoch>", "lost", "released"; ends with 1 when leadership was lost, 0 after SIGTERM.
const [kubeconfig = "", namespace = "", identity = ""] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log = createLog("leader", "warn", process.stderr);
const access = clusterAccess(kubeconfig);
const elect = createLiveKube({ access, fieldManager: identity, timeoutMs: 5000 });
const kube = createLiveKube({ access, fieldManager: identity });
const stop = new AbortController();
const leader = createLeader({ kube: elect, namespace, name: "leader", identity, log });
const leadership = await leader.acquire(stop.signal);
say(`leading ${leadership.epoch}`);
leadership.signal.addEventListener("abort", () => {
  say("lost");
  process.exit(1);
});
const guarded = guardedKube(kube, () => leadership.holds());
process.once("SIGTERM", () => {
  stop.abort();
  void leadership.release().then(() => {
    say("released");
    process.exit(0);
  });
});
for (let count = 0; !stop.signal.aborted; count += 1) {
  const data = { writer: identity, epoch: String(leadership.epoch), count: String(count) };
  await guarded.patch(kinds.configMap, { name: "written", namespace }, { data }).catch((error: unknown) => {
    if (!leadership.signal.aborted) log.warn({ error }, "not written");
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
}
