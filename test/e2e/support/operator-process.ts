import { readdir, readFile } from "node:fs/promises";
import { kinds, type Pod } from "../../../kube/kinds.ts";
import { demoNames, type Demo } from "./demo-installation.ts";
import { eventually } from "../../harness/eventually.ts";

const selector = "app.kubernetes.io/name=polyphony,app.kubernetes.io/component=operator";

/** Processes of this machine that belong to a container. */
const pidsOf = async (containerId: string): Promise<number[]> => {
  const folders = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    folders.map(async (pid) => {
      const cgroup = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
      return cgroup.includes(containerId) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
};

/** Whether it is process 1 of its container, as the last number of NSpid says. */
const isFirst = async (pid: number): Promise<boolean> =>
  /^NSpid:.*\b1$/m.test(await readFile(`/proc/${String(pid)}/status`, "utf8").catch(() => ""));

const operatorPods = (demo: Demo): Promise<Pod[]> =>
  demo.kube.list(kinds.pod, { namespace: demoNames.system, labelSelector: selector });

/** Who leads, as the Lease says; undefined while nobody does, or while its pod is gone. */
export const leadership = async (demo: Demo): Promise<{ holder: string; pod: Pod } | undefined> => {
  const lease = await demo.kube.find(kinds.lease, { namespace: demoNames.system, name: demoNames.operator });
  const holder = lease?.spec?.holderIdentity ?? "";
  // The holder is the pod's name and something random per process.
  const pod = (await operatorPods(demo)).find(({ metadata }) => holder.startsWith(`${metadata?.name ?? ""}_`));
  return pod && { holder, pod };
};

/**
 * New operator pods in place of those there are, by an ordinary rolling restart, so that what is killed next was
 * started by this very test.
 */
export const restartOperator = async (demo: Demo): Promise<void> => {
  const target = ["-n", demoNames.system, `deployment/${demoNames.operator}`];
  await demo.kubectl(["rollout", "restart", ...target]);
  const { code, stderr } = await demo.kubectl(["rollout", "status", "--timeout=120s", ...target]);
  if (code !== 0) throw new Error(`The operator did not restart: ${stderr}`);
  await eventually("an operator leads", () => leadership(demo));
};

/** kill -9 of the leader, with no time to say anything. Returns who it was. */
export const killLeader = async (demo: Demo): Promise<string> => {
  const leads = () => leadership(demo);
  const { holder, pod } = await eventually("an operator leads", leads, { everyMs: 100 });
  const name = pod.metadata?.name ?? "";
  if (demo.cluster !== "local") {
    // Its processes are on another machine or in another container: the kubelet kills them at once.
    await demo.kubectl(["-n", demoNames.system, "delete", "pod", name, "--grace-period=0", "--force"]);
    return holder;
  }
  const id = pod.status?.containerStatuses?.[0]?.containerID?.replace(/^containerd:\/\//, "") ?? "";
  if (!/^[0-9a-f]{64}$/.test(id)) throw new Error(`The pod ${name} has no running container`);
  const pids = await pidsOf(id);
  const first = (await Promise.all(pids.map(async (pid) => ((await isFirst(pid)) ? [pid] : [])))).flat()[0];
  if (first === undefined) throw new Error(`No process of the pod ${name} was found on this machine`);
  process.kill(first, "SIGKILL");
  return holder;
};
