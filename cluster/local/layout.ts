import { join } from "node:path";
import { machineFolder } from "../machine/folders.ts";

/**
 * Where everything of the local cluster is. Addresses: 10.87.0.0/17 are pods, the first of them is the bridge's own, which the API
 * server, the kubelet and DNS listen on (this machine and its pods reach it, nobody else does); 10.87.128.0/17 are Services;
 * 127.87.0.1 is for what only this machine may reach.
 */
export const layout = {
  name: "polyphony",
  node: "polyphony",
  bridge: "polyphony0",
  bridgeAddress: "10.87.0.1",
  bridgeMac: "0a:57:00:00:00:01",
  podRange: "10.87.0.0/17",
  serviceRange: "10.87.128.0/17",
  apiServiceAddress: "10.87.128.1",
  loopback: "127.87.0.1",
  apiPort: 6443,
  kubeletPort: 10250,
  etcdPort: 2379,
  etcdPeerPort: 2380,
  /** Its own part of every cgroup hierarchy: what runs in there is ours, whoever started it. */
  cgroup: "polyphony",
  nftTable: "polyphony-cluster",
  baseDomain: "polyphony.localhost",
  /** Of console and API, outside the base domain. */
  consoleHost: "console.localhost",
  gatewayService: "polyphony-gateway.polyphony-system.svc.cluster.local",
  /** Short, because a unix socket's path has at most 108 characters. */
  runFolder: "/run/polyphony-cluster",
  lockFile: "/run/lock/polyphony-cluster.lock",
} as const;

export const apiUrl = `https://${layout.bridgeAddress}:${layout.apiPort}`;
export const etcdUrl = `https://${layout.loopback}:${layout.etcdPort}`;
export const containerdSocket = join(layout.runFolder, "containerd.sock");

const inMachine = (name: string) => join(machineFolder, name);

export const folders = {
  machine: machineFolder,
  config: inMachine("config"),
  keys: inMachine("keys"),
  logs: inMachine("logs"),
  records: inMachine("parts"),
  etcd: inMachine("etcd"),
  containerd: inMachine("containerd"),
  kubelet: inMachine("kubelet"),
  podLogs: inMachine("pod-logs"),
  volumes: inMachine("volumes"),
  ipam: inMachine("ipam"),
  run: layout.runFolder,
} as const;

export const holderFile = inMachine("holder.json");
export const adminKubeconfig = inMachine("admin.kubeconfig");
export const configFile = (name: string) => join(folders.config, name);
export const keyFile = (name: string) => join(folders.keys, name);
export const logFile = (part: string) => join(folders.logs, `${part}.log`);
export const recordFile = (part: string) => join(folders.records, `${part}.json`);
