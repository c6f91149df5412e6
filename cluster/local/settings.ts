import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { containerdSocket, folders, keyFile, layout } from "./layout.ts";
import { kubeconfigOf } from "./keys.ts";

/** containerd's configuration. */
export const containerdConfig = (options: {
  bin: string;
  runc: string;
  snapshotter: string;
  pause: string;
}): string => `version = 3
root = ${quoted(folders.containerd)}
state = ${quoted(`${folders.run}/containerd`)}
disabled_plugins = [
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs", "io.containerd.nri.v1.nri",
  "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]

[grpc]
  address = ${quoted(containerdSocket)}

[ttrpc]
  address = ${quoted(`${containerdSocket}.ttrpc`)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${quoted(`${folders.containerd}/opt`)}

[plugins."io.containerd.cri.v1.images"]
  snapshotter = ${quoted(options.snapshotter)}
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = ${quoted(options.pause)}

[plugins."io.containerd.cri.v1.runtime"]
  # Without CAP_SYS_RESOURCE a container's score cannot be lower than its parent's, and a pod would not start.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = [${quoted(options.bin)}]
    conf_dir = ${quoted(`${folders.config}/cni`)}
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      runtime_path = ${quoted(`${options.bin}/containerd-shim-runc-v2`)}
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        BinaryName = ${quoted(options.runc)}
        SystemdCgroup = false
        Root = ${quoted(`${folders.run}/runc`)}
`;

const quoted = (text: string) => JSON.stringify(text);

/** The pods' network: a port of the bridge each, with an address of the pod range. */
export const cniConfig = (): string =>
  JSON.stringify({
    cniVersion: "1.0.0",
    name: layout.name,
    plugins: [
      {
        type: "bridge",
        bridge: layout.bridge,
        isGateway: true,
        hairpinMode: true,
        ipMasq: false,
        ipam: {
          type: "host-local",
          dataDir: folders.ipam,
          ranges: [[{ subnet: layout.podRange, gateway: layout.bridgeAddress }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", backend: "nftables", capabilities: { portMappings: true } },
    ],
  });

export const kubeletConfig = (): string =>
  JSON.stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: layout.bridgeAddress,
    port: layout.kubeletPort,
    readOnlyPort: 0,
    healthzBindAddress: layout.loopback,
    tlsCertFile: keyFile("kubelet-server.crt"),
    tlsPrivateKeyFile: keyFile("kubelet-server.key"),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: keyFile("ca.crt") },
    },
    authorization: { mode: "Webhook" },
    clusterDomain: "cluster.local",
    clusterDNS: [layout.bridgeAddress],
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${layout.cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: ["pods"],
    // Chains of iptables' own tables, which nothing here uses and nobody would remove.
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    maxPods: 500,
    podLogsDir: folders.podLogs,
    volumePluginDir: `${folders.kubelet}/plugins-exec`,
    serializeImagePulls: false,
    // A changed Secret is in its pods within seconds, not after the minute and a half that is usual.
    syncFrequency: "10s",
    // A person's disk may be nearly full: only when it really ends are pods asked to go. Images are not collected at all.
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "1%",
      "imagefs.available": "1%",
      "nodefs.inodesFree": "1%",
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    shutdownGracePeriod: "0s",
    logging: { verbosity: 1 },
  });

export const kubeProxyConfig = (): string =>
  JSON.stringify({
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: kubeconfigOf("kube-proxy") },
    hostnameOverride: layout.node,
    mode: "nftables",
    detectLocalMode: "BridgeInterface",
    detectLocal: { bridgeInterface: layout.bridge },
    healthzBindAddress: `${layout.loopback}:10256`,
    metricsBindAddress: `${layout.loopback}:10249`,
    nodePortAddresses: [`${layout.bridgeAddress}/32`],
    conntrack: { maxPerCore: 0, min: 0 },
    oomScoreAdj: 0,
  });

/** As CoreDNS reads it: the base domain, every name below it, and the console's host. */
export const publicNames = (baseDomain: string, consoleHost: string): string => {
  const literal = (name: string) => name.replaceAll(".", "\\.");
  return `^((.*\\.)?${literal(baseDomain)}|${literal(consoleHost)})\\.$`;
};

/**
 * DNS for pods. Names of the base domain (`*.polyphony.localhost`) and the console's are the gateway's Service, so that a pod reaches
 * the same public address as a browser on this machine. `forward` is false where the machine itself has no name server.
 */
export const corefile = (forward: boolean): string => {
  const pattern = publicNames(layout.baseDomain, layout.consoleHost);
  return `.:53 {
  bind ${layout.bridgeAddress}
  errors
  ready ${layout.loopback}:8181
  rewrite stop name regex ${pattern} ${layout.gatewayService} answer auto
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig ${kubeconfigOf("coredns")}
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 5
  }
  cache 30 {
    disable success cluster.local
    disable denial cluster.local
  }
${forward ? "  forward . /etc/resolv.conf\n" : ""}  loadbalance
}
`;
};

/** Whether the machine names a name server that can be asked in turn (not ourselves). */
export async function machineHasNameServer(): Promise<boolean> {
  const text = await readFile("/etc/resolv.conf", "utf8").catch(() => "");
  return /^nameserver (?!10\.87\.0\.1\b)\S+/m.test(text);
}

/** What `kubectl apply` brings in once the API server is up: the default StorageClass and the rights of our own helpers. */
export const addons = (): string => {
  const rules = (name: string, list: object[]) => [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: `polyphony:${name}` },
      rules: list,
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: `polyphony:${name}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: `polyphony:${name}` },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: `polyphony:${name}` }],
    },
  ];
  const may = (apiGroups: string[], resources: string[], ...verbs: string[]) => ({ apiGroups, resources, verbs });
  const items = [
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "local-path", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "polyphony.dev/local-path",
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
    },
    ...rules("coredns", [
      may([""], ["services", "pods", "namespaces"], "list", "watch"),
      may(["discovery.k8s.io"], ["endpointslices"], "list", "watch"),
    ]),
    ...rules("storage-provisioner", [
      may([""], ["persistentvolumeclaims", "nodes"], "get", "list", "watch"),
      may([""], ["persistentvolumes"], "get", "list", "watch", "create", "update", "patch", "delete"),
      may(["storage.k8s.io"], ["storageclasses"], "get", "list", "watch"),
      may([""], ["events"], "create", "patch", "update", "get", "list", "watch"),
    ]),
  ];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
};

/** The folder that a tool of the containerd module is in, where its plugins are too. */
export const folderOf = (tool: string): string => dirname(tool);
