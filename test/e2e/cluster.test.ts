import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { provideImages } from "../../cluster/images.ts";
import { runCommand, tryCommand } from "../../cluster/machine/run-command.ts";
import { stateFiles } from "../../cluster/state.ts";
import { clusterUp } from "../../cluster/up.ts";

const namespace = "cluster-test";
const password = "only-for-this-test";

const kubectl = (...args: string[]) =>
  runCommand(stateFiles.kubectl, ["--namespace", namespace, ...args], { env: { KUBECONFIG: stateFiles.kubeconfig } });
const apply = (items: object[]) =>
  runCommand(stateFiles.kubectl, ["apply", "-f", "-"], {
    env: { KUBECONFIG: stateFiles.kubeconfig },
    input: JSON.stringify({ apiVersion: "v1", kind: "List", items }),
  });

/** A program with a volume, a Service, probes and everything that pod security "restricted" asks for: PostgreSQL from our own image. */
const database = (image: string): object[] => [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "database", namespace },
    spec: {
      strategy: { type: "Recreate" },
      selector: { matchLabels: { app: "database" } },
      template: {
        metadata: { labels: { app: "database" } },
        spec: {
          terminationGracePeriodSeconds: 5,
          securityContext: {
            fsGroup: 999,
            runAsNonRoot: true,
            runAsUser: 999,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "database",
              image,
              imagePullPolicy: "IfNotPresent",
              env: [
                { name: "POSTGRES_PASSWORD", value: password },
                { name: "PGDATA", value: "/data/files" },
              ],
              readinessProbe: { exec: { command: ["pg_isready", "--host", "127.0.0.1"] }, periodSeconds: 1 },
              volumeMounts: [{ name: "data", mountPath: "/data" }],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
        },
      },
    },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "database", namespace },
    spec: { selector: { app: "database" }, ports: [{ port: 5432 }] },
  },
];

/**
 * A statement run by psql inside the pod; it may run twice. A Service follows its pods a moment later, and until then an
 * address that is gone swallows connections: psql gives up after two seconds and is run again.
 */
const askFromPod = async (host: string, sql: string): Promise<string> => {
  const url = `postgres://postgres:${password}@${host}/postgres?connect_timeout=2`;
  const args = ["--namespace", namespace, "exec", "deployment/database", "--", "psql", url, "-Atc", sql];
  let said = "";
  for (let tries = 0; tries < 10; tries += 1) {
    const how = { env: { KUBECONFIG: stateFiles.kubeconfig }, timeoutMs: 15_000 };
    const { code, stdout, stderr } = await tryCommand(stateFiles.kubectl, args, how);
    if (code === 0) return stdout;
    said = stderr;
    await sleep(500);
  }
  throw new Error(`psql in the pod did not answer: ${said}`);
};

beforeAll(async () => {
  const provider = await clusterUp();
  const { postgres = "" } = await provideImages(provider, { targets: ["postgres"] });
  await apply(database(postgres));
  await kubectl("rollout", "status", "deployment/database", "--timeout=120s");
}, 1_200_000);

afterAll(async () => {
  await kubectl("delete", "namespace", namespace, "--wait=true", "--timeout=90s");
});

describe("the cluster", () => {
  it("answers a Service's name from a pod, and the API server's", async () => {
    expect((await askFromPod("database", "select 6 * 7")).trim()).toBe("42");
    expect((await askFromPod(`database.${namespace}.svc.cluster.local`, "select 6 * 7")).trim()).toBe("42");
    const api = await kubectl(
      "exec",
      "deployment/database",
      "--",
      "bash",
      "-c",
      "exec 3<>/dev/tcp/kubernetes.default.svc/443 && echo reached",
    );
    expect(api.trim()).toBe("reached");
  });

  it("answers a Service's address on this machine, where the cluster is local", async () => {
    const address = (await kubectl("get", "service", "database", "-o", "jsonpath={.spec.clusterIP}")).trim();
    const ready = await runCommand("/usr/lib/postgresql/15/bin/pg_isready", ["--host", address]);
    expect(ready).toContain("accepting connections");
  });

  it("shows a pod's log", async () => {
    expect(await kubectl("logs", "deployment/database")).toContain("database system is ready to accept connections");
  });

  it("keeps a volume when its pod is replaced", async () => {
    await askFromPod("database", "create table if not exists kept as select 1 as one");
    await kubectl("rollout", "restart", "deployment/database");
    await kubectl("rollout", "status", "deployment/database", "--timeout=60s");
    expect((await askFromPod("database", "select one from kept")).trim()).toBe("1");
  });

  it("refuses a pod that breaks `restricted`", async () => {
    const spec = JSON.stringify({
      spec: { containers: [{ name: "x", image: "x", securityContext: { privileged: true } }] },
    });
    const answer = await tryCommand(stateFiles.kubectl, [
      "-n",
      namespace,
      "run",
      "x",
      "--image=x",
      `--overrides=${spec}`,
    ]);
    expect(answer.stderr).toMatch(/violates PodSecurity "restricted/);
  });

  it("is left alone by a second start", async () => {
    const uid = () => kubectl("get", "pods", "-o", "jsonpath={.items[*].metadata.uid}");
    const before = await uid();
    await clusterUp();
    await sleep(500);
    expect(await uid()).toBe(before);
  });
});
