import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { KubeError } from "../../kube/errors.ts";
import { kind, kinds, type Pod, type Service } from "../../kube/kinds.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { openDemo, type Demo } from "../e2e/support/demo-installation.ts";
import { createTenants, randomSlug, tenantManifest, vaultNamespace, type Tenants } from "../e2e/support/tenants.ts";
import { countAttempts } from "./attempts.ts";

jest.setTimeout(240_000);

const count = countAttempts("K2-demo", "pods in a vault's namespace of the demo installation");

type PodSpec = NonNullable<Pod["spec"]>;
type Container = PodSpec["containers"][number];

let demo: Demo;
let tenants: Tenants;
let namespace: string;
let image: string;

beforeAll(async () => {
  demo = await openDemo({ breaksThings: true });
  tenants = createTenants(demo);
  const slug = randomSlug("pods");
  await tenants.apply(tenantManifest(slug));
  namespace = vaultNamespace(await tenants.ready(slug));
  const deployment = await demo.kube.get(kinds.deployment, { namespace, name: "vault" });
  image = deployment.spec?.template.spec?.containers[0]?.image ?? "";
});

afterAll(async () => {
  await tenants.removeAll();
  demo.close();
  count.finish();
});

/** A pod as `restricted` has it; each attempt breaks one thing. */
const pod = (breakIt: { pod?: Partial<PodSpec>; container?: Partial<Container> } = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "attempt", namespace },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "attempt",
        image,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        ...breakIt.container,
      },
    ],
    ...breakIt.pod,
  },
});

const withSecurity = (more: NonNullable<Container["securityContext"]>) => ({
  container: { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, ...more } },
});
const withPodSecurity = (more: NonNullable<PodSpec["securityContext"]>) => ({
  pod: { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" }, ...more } },
});
const volume = (source: object) => ({ pod: { volumes: [{ name: "attempt", ...source }] } });

const attempts: [string, Parameters<typeof pod>[0], RegExp][] = [
  ["is privileged", withSecurity({ privileged: true, allowPrivilegeEscalation: true }), /privileged/],
  [
    "may escalate its privileges",
    withSecurity({ allowPrivilegeEscalation: true }),
    /allowPrivilegeEscalation != false/,
  ],
  [
    "does not say that it may not",
    { container: { securityContext: { capabilities: { drop: ["ALL"] } } } },
    /allowPriv/,
  ],
  ["mounts the node's files", volume({ hostPath: { path: "/" } }), /hostPath|restricted volume types/],
  ["shares the node's network", { pod: { hostNetwork: true } }, /host namespaces/],
  ["shares the node's processes", { pod: { hostPID: true } }, /host namespaces/],
  ["shares the node's memory segments", { pod: { hostIPC: true } }, /host namespaces/],
  ["takes a port of the node", { container: { ports: [{ containerPort: 80, hostPort: 80 }] } }, /hostPort/],
  ["adds SYS_ADMIN", withSecurity({ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }), /capabilities/],
  ["adds NET_RAW", withSecurity({ capabilities: { drop: ["ALL"], add: ["NET_RAW"] } }), /capabilities/],
  ["keeps the default capabilities", withSecurity({ capabilities: {} }), /unrestricted capabilities/],
  ["is root by its number", withSecurity({ runAsUser: 0 }), /runAsUser=0/],
  ["is root by its pod", withPodSecurity({ runAsUser: 0 }), /runAsUser=0/],
  ["may be root", withPodSecurity({ runAsNonRoot: false }), /runAsNonRoot/],
  ["has no seccomp", { pod: { securityContext: { runAsNonRoot: true, runAsUser: 65532 } } }, /seccompProfile/],
  ["turns seccomp off", withSecurity({ seccompProfile: { type: "Unconfined" } }), /seccompProfile/],
  ["turns AppArmor off", withSecurity({ appArmorProfile: { type: "Unconfined" } }), /appArmorProfile|AppArmor/i],
  ["unmasks /proc", { ...withSecurity({ procMount: "Unmasked" }), pod: { hostUsers: false } }, /procMount/],
  ["sets the node's sysctls", withPodSecurity({ sysctls: [{ name: "kernel.msgmax", value: "1" }] }), /sysctls/],
  ["chooses an SELinux user", withPodSecurity({ seLinuxOptions: { user: "system_u" } }), /seLinuxOptions/],
  [
    "is a Windows host process",
    {
      pod: {
        hostNetwork: true,
        securityContext: { runAsNonRoot: true, windowsOptions: { hostProcess: true } },
      },
    },
    /hostProcess/,
  ],
  [
    "hides it in an init container",
    { pod: { initContainers: [{ name: "first", image: "x", securityContext: { privileged: true } }] } },
    /privileged/,
  ],
];

/** Asks for it as the administrator, without storing it; what the API server said when it refused. */
const refusalOf = async (create: Promise<unknown>): Promise<string> => {
  try {
    await create;
    return "not refused";
  } catch (error) {
    if (error instanceof KubeError && (error.status === 403 || error.status === 422)) return error.message;
    throw error;
  }
};

const dryRun = { dryRun: true } as const;

describe("K2: a pod in a vault's namespace, even when the administrator asks for it", () => {
  it("is let in while it keeps to `restricted`, so that each refusal below is for what it breaks", async () => {
    await expect(demo.kube.create(kinds.pod, pod(), dryRun)).resolves.toMatchObject({ kind: "Pod" });
  });

  it.each(attempts)("is refused when it %s", async (what, breakIt, words) => {
    const refusal = await refusalOf(demo.kube.create(kinds.pod, pod(breakIt), dryRun));
    count.tried(what, words.test(refusal));
    expect(refusal).toMatch(words);
    expect(refusal).toContain('violates PodSecurity "restricted');
  });

  it("is refused as a privileged debugging container of a vault's own pod too", async () => {
    const [running] = await demo.kube.list(kinds.pod, { namespace });
    const debug = ["debug", running?.metadata?.name ?? "", "--image", image, "--profile=sysadmin", "--", "node", "-v"];
    const { code, stderr } = await demo.kubectl(["-n", namespace, ...debug]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('violates PodSecurity "restricted');
  });
});

describe("K2: a vault's namespace", () => {
  const service = (type: string): Service => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "attempt", namespace },
    spec: { type, selector: { app: "x" }, ports: [{ port: 80 }] },
  });

  it.each([
    ["NodePort", "services.nodeports"],
    ["LoadBalancer", "services.loadbalancers"],
  ])("has no Service of type %s", async (type, quota) => {
    const refusal = await refusalOf(demo.kube.create(kinds.service, service(type), dryRun));
    expect(refusal).toMatch(new RegExp(`exceeded quota: vault.*${quota}`));
  });

  it("has no volumes of its own and no more pods, processor or memory than its plan", async () => {
    const claims = kind<KubeObject & { spec: object }>("v1", "PersistentVolumeClaim", "persistentvolumeclaims", true);
    const resources = { requests: { storage: "1Gi" } };
    const claim = { metadata: { name: "attempt", namespace }, spec: { accessModes: ["ReadWriteOnce"], resources } };
    const kindOf = { apiVersion: "v1", kind: "PersistentVolumeClaim" };
    expect(await refusalOf(demo.kube.create(claims, { ...kindOf, ...claim }, dryRun))).toContain(
      "persistentvolumeclaims",
    );
    const greedy = { container: { resources: { limits: { cpu: "1", memory: "900Gi" } } } };
    const security = pod().spec?.containers[0]?.securityContext;
    const attempt = pod({ container: { ...greedy.container, ...(security ? { securityContext: security } : {}) } });
    expect(await refusalOf(demo.kube.create(kinds.pod, attempt, dryRun))).toContain("exceeded quota: vault");
  });

  it("K1: its account may do nothing there, and nothing with other vaults", async () => {
    const as = `--as=system:serviceaccount:${namespace}:vault`;
    const asked = ["get secrets", "list pods", "create pods", "create pods/exec", "get configmaps", "list tenants"];
    for (const question of asked) {
      for (const where of [["-n", namespace], ["-n", "polyphony-system"], ["-A"]]) {
        const { stdout } = await demo.kubectl(["auth", "can-i", ...question.split(" "), as, ...where]);
        expect([question, where.join(" "), stdout.trim()]).toEqual([question, where.join(" "), "no"]);
      }
    }
  });
});

describe("K2: a running vault, seen from inside", () => {
  const inside = async (script: string): Promise<string> => {
    const { stdout, stderr } = await demo.kubectl([
      "-n",
      namespace,
      "exec",
      "deploy/vault",
      "--",
      "node",
      "-p",
      script,
    ]);
    return stdout.trim() || stderr.trim();
  };

  it("has no Kubernetes token", async () => {
    expect(await inside(`require("fs").existsSync("/var/run/secrets/kubernetes.io")`)).toBe("false");
    expect(await inside(`require("fs").readFileSync("/proc/mounts","utf8").includes("serviceaccount")`)).toBe("false");
  });

  it("is user 65532 with no capabilities, under seccomp, and cannot gain more", async () => {
    expect(await inside("[process.getuid(), process.getgid()].join()")).toBe("65532,65532");
    const status = await inside(`require("fs").readFileSync("/proc/1/status","utf8")`);
    for (const line of [/CapEff:\t0{16}/, /CapBnd:\t0{16}/, /NoNewPrivs:\t1/, /Seccomp:\t2/])
      expect(status).toMatch(line);
  });

  it("cannot write to its own files", async () => {
    const write = (path: string) => `try{require("fs").writeFileSync("${path}","x");"written"}catch(e){e.code}`;
    for (const path of ["/app/vault.cjs", "/etc/passwd", "/tmp/x", "/x"]) {
      expect([path, await inside(write(path))]).toEqual([path, expect.stringMatching(/^(EROFS|EACCES|ENOENT)$/)]);
    }
  });
});
