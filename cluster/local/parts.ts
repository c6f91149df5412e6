import { connect } from "node:net";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request, type RequestOptions } from "node:https";
import { request as plainRequest } from "node:http";
import { join } from "node:path";
import { readRecord } from "../machine/process-record.ts";
import { checkoutFolder } from "../machine/folders.ts";
import type { Tools } from "../ensure-tools.ts";
import {
  adminKubeconfig,
  apiUrl,
  configFile,
  containerdSocket,
  etcdUrl,
  folders,
  keyFile,
  layout,
  recordFile,
} from "./layout.ts";
import { kubeconfigOf } from "./keys.ts";

/** One program of the cluster. */
export interface ClusterPart {
  name: PartName;
  program: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** Configuration files: a change in one makes the running process out of date. */
  configs: readonly string[];
  /** True once it does its work; throws or says false before. */
  ready: () => Promise<boolean>;
}

export const partNames = [
  "etcd",
  "kube-apiserver",
  "containerd",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "coredns",
  "storage-provisioner",
  "forwarder",
] as const;
export type PartName = (typeof partNames)[number];

/** Every part by name, as it should run with these tools. */
export function clusterParts(tools: Tools): Record<PartName, ClusterPart> {
  const part = (name: PartName, configs: string[], args: string[], ready: ClusterPart["ready"]): ClusterPart => ({
    name,
    program: tools(name),
    args,
    configs,
    ready,
  });
  const kubeconfig = (name: PartName) => `--kubeconfig=${kubeconfigOf(name)}`;
  return {
    etcd: part("etcd", [], etcdArguments(), () => answers(`${etcdUrl}/readyz`, "kube-apiserver")),
    "kube-apiserver": part("kube-apiserver", [], apiServerArguments(), () => answers(`${apiUrl}/readyz`, "admin")),
    containerd: {
      ...part("containerd", [configFile("containerd.toml")], ["--config", configFile("containerd.toml")], () =>
        connects({ path: containerdSocket }),
      ),
      // The shims' and plugins' programs are found next to it; nft and runc are in the system's folders.
      env: { PATH: systemPath, OTEL_SDK_DISABLED: "true" },
    },
    "kube-controller-manager": part("kube-controller-manager", [], controllerManagerArguments(), () =>
      answers(`https://${layout.loopback}:10257/healthz`),
    ),
    "kube-scheduler": part(
      "kube-scheduler",
      [],
      [
        kubeconfig("kube-scheduler"),
        "--leader-elect=false",
        `--bind-address=${layout.loopback}`,
        "--secure-port=10259",
      ],
      () => answers(`https://${layout.loopback}:10259/healthz`),
    ),
    kubelet: {
      ...part("kubelet", [configFile("kubelet.json")], kubeletArguments(), () =>
        answers(`http://${layout.loopback}:10248/healthz`),
      ),
      env: { PATH: systemPath },
    },
    "kube-proxy": {
      ...part("kube-proxy", [configFile("kube-proxy.json")], [`--config=${configFile("kube-proxy.json")}`], () =>
        answers(`http://${layout.loopback}:10256/healthz`),
      ),
      env: { PATH: systemPath },
    },
    coredns: part("coredns", [configFile("Corefile")], ["-conf", configFile("Corefile")], () =>
      answers(`http://${layout.loopback}:8181/ready`),
    ),
    "storage-provisioner": part(
      "storage-provisioner",
      [],
      ["-kubeconfig", kubeconfigOf("storage-provisioner"), "-root", folders.volumes, "-node", layout.node],
      () => Promise.resolve(true),
    ),
    forwarder: {
      name: "forwarder",
      program: process.execPath,
      args: [forwarderFile, "--kubeconfig", adminKubeconfig, "--ready", forwarderReady],
      configs: forwarderSources,
      ready: async () => {
        const [record, ready] = await Promise.all([
          readRecord(recordFile("forwarder")),
          readFile(forwarderReady, "utf8"),
        ]);
        return ready === String(record?.pid);
      },
    },
  };
}

const forwarderReady = join(folders.records, "forwarder.ready");
const forwarderFile = join(checkoutFolder, "cluster", "forward.ts");
const forwarderSources = [
  "forward.ts",
  "forward/routes.ts",
  "forward/service-lookup.ts",
  "forward/tcp-forwarder.ts",
].map((file) => join(checkoutFolder, "cluster", file));

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const etcdArguments = (): string[] => {
  const peer = `https://${layout.loopback}:${layout.etcdPeerPort}`;
  return [
    `--data-dir=${folders.etcd}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    ...["", "peer-"].flatMap((which) => [
      `--${which}cert-file=${keyFile("etcd.crt")}`,
      `--${which}key-file=${keyFile("etcd.key")}`,
      `--${which}trusted-ca-file=${keyFile("ca.crt")}`,
      `--${which}client-cert-auth`,
    ]),
    "--quota-backend-bytes=4294967296",
    "--auto-compaction-retention=10m",
    "--logger=zap",
    "--log-level=warn",
  ];
};

const apiServerArguments = (): string[] => [
  `--etcd-servers=${etcdUrl}`,
  `--etcd-cafile=${keyFile("ca.crt")}`,
  `--etcd-certfile=${keyFile("kube-apiserver.crt")}`,
  `--etcd-keyfile=${keyFile("kube-apiserver.key")}`,
  `--bind-address=${layout.bridgeAddress}`,
  `--advertise-address=${layout.bridgeAddress}`,
  `--secure-port=${layout.apiPort}`,
  `--tls-cert-file=${keyFile("kube-apiserver.crt")}`,
  `--tls-private-key-file=${keyFile("kube-apiserver.key")}`,
  `--client-ca-file=${keyFile("ca.crt")}`,
  `--service-cluster-ip-range=${layout.serviceRange}`,
  "--authorization-mode=Node,RBAC",
  "--enable-admission-plugins=NodeRestriction",
  "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
  `--service-account-key-file=${keyFile("service-accounts.pub")}`,
  `--service-account-signing-key-file=${keyFile("service-accounts.key")}`,
  `--kubelet-certificate-authority=${keyFile("ca.crt")}`,
  `--kubelet-client-certificate=${keyFile("kube-apiserver-kubelet-client.crt")}`,
  `--kubelet-client-key=${keyFile("kube-apiserver-kubelet-client.key")}`,
  "--kubelet-preferred-address-types=InternalIP",
  // As kubeadm and kind have it: what a pod may is for pod security to say.
  "--allow-privileged=true",
  "--profiling=false",
];

const controllerManagerArguments = (): string[] => [
  `--kubeconfig=${kubeconfigOf("kube-controller-manager")}`,
  `--authentication-kubeconfig=${kubeconfigOf("kube-controller-manager")}`,
  `--authorization-kubeconfig=${kubeconfigOf("kube-controller-manager")}`,
  `--bind-address=${layout.loopback}`,
  "--secure-port=10257",
  "--leader-elect=false",
  "--use-service-account-credentials=true",
  `--service-account-private-key-file=${keyFile("service-accounts.key")}`,
  `--root-ca-file=${keyFile("ca.crt")}`,
  `--cluster-name=${layout.name}`,
  `--flex-volume-plugin-dir=${folders.kubelet}/plugins-exec`,
  "--kube-api-qps=200",
  "--kube-api-burst=400",
];

const kubeletArguments = (): string[] => [
  `--config=${configFile("kubelet.json")}`,
  `--kubeconfig=${kubeconfigOf("kubelet")}`,
  `--root-dir=${folders.kubelet}`,
  `--cert-dir=${folders.kubelet}/pki`,
  `--hostname-override=${layout.node}`,
  `--node-ip=${layout.bridgeAddress}`,
];

/** Whether a GET answers 200; with the client certificate of `user` when given, and our own authority either way. */
function answers(url: string, user?: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith("https:");
    const options: RequestOptions = { agent: false, timeout: 3000 };
    // The loopback health ports of two parts carry certificates that they made for themselves.
    if (secure && user === undefined) options.rejectUnauthorized = false;
    if (user !== undefined) {
      options.ca = readFileSync(keyFile("ca.crt"));
      options.cert = readFileSync(keyFile(`${user}.crt`));
      options.key = readFileSync(keyFile(`${user}.key`));
    }
    const call = (secure ? request : plainRequest)(url, options, (reply) => {
      reply.resume();
      resolve(reply.statusCode === 200);
    });
    call.on("timeout", () => call.destroy(new Error(`${url} did not answer within 3 s`)));
    call.on("error", reject);
    call.end();
  });
}

/** Whether something listens there. */
export function connects(at: { path: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at);
    socket.setTimeout(2000, () => socket.destroy());
    socket.once("connect", () => {
      resolve(true);
      socket.end();
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}
