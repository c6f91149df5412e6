import { migrationLabels } from "../../../operator/release/migration-names.ts";
import { home } from "../../integration/render-chart.ts";
import type { Endpoint } from "./network-policy-model.ts";
import type { Platform } from "./platform.ts";

let last = 0;
const pod = (name: string, namespace: string, labels: Record<string, string>): Endpoint => {
  last += 1;
  return { name, addresses: [`10.1.0.${last}`, `fd00::${last.toString(16)}`], pod: { namespace, labels } };
};
const address = (name: string, ...addresses: string[]): Endpoint => ({ name, addresses });

/** Whoever there is in a cluster for a vault to talk to, friends and strangers, by name. */
export const endpointsOf = ({ a, b, component }: Platform) => ({
  a: pod("vault A", a.namespace, a.labels),
  b: pod("vault B", b.namespace, b.labels),
  debug: pod("a pod by hand in A's namespace", a.namespace, {}),
  gateway: pod("gateway", home, component("gateway")),
  operator: pod("operator", home, component("operator")),
  postgresql: pod("PostgreSQL", home, component("postgresql")),
  controlApi: pod("control API", home, component("control-api")),
  controlWorker: pod("control worker", home, component("control-worker")),
  registrySetup: pod("the registry's set-up", home, component("registry-setup")),
  redis: pod("Redis", home, component("redis")),
  migration: pod("migration", "polyphony-migrations", { [migrationLabels.server]: "default" }),
  mail: pod("mail server", "mail", { app: "smtp" }),
  dns: pod("DNS", "kube-system", { "k8s-app": "kube-dns" }),
  system: pod("another pod of kube-system", "kube-system", { app: "metrics-server" }),
  stranger: pod("a pod in default", "default", {}),
  falseGateway: pod("a pod in default with the gateway's labels", "default", component("gateway")),
  falseVault: pod("a pod in default with a vault's labels", "default", { ...a.labels, "polyphony.dev/vault": "true" }),
  falseDns: pod("a pod in B with DNS's labels", b.namespace, { "k8s-app": "kube-dns" }),
  falseOperator: pod("a pod in B with the operator's labels", b.namespace, component("operator")),
  registry: address("registry", "203.0.113.10"),
  registryNeighbour: address("the registry's neighbour", "203.0.113.11"),
  api: address("API server", "10.0.0.1", "fd01::1"),
  apiService: address("API server's Service", "10.96.0.1"),
  metadata: address("the cloud's metadata", "169.254.169.254", "fd00:ec2::254"),
  internet: address("the internet", "198.51.100.1", "2001:db8::1"),
  privateNetwork: address("the office network", "192.168.1.10"),
});
export type Endpoints = ReturnType<typeof endpointsOf>;

/** The node; apart, as Kubernetes lets it reach its pods whatever policies say. */
export const node: Endpoint = { name: "node", addresses: ["10.0.0.2"], isNode: true };
