import { BlockList, isIPv6 } from "node:net";
import type { NetworkPolicy } from "../../../kube/kinds.ts";

/** One end of a flow: a pod (with a namespace and labels), or an address that no policy can select. */
export type Endpoint = {
  name: string;
  addresses: readonly string[];
  /** Of a pod that a policy can select; a pod in its node's network has none, as policies do not apply to it. */
  pod?: { namespace: string; labels: Readonly<Record<string, string>> };
  /** The node on which all pods run: Kubernetes always lets it reach them, for probes. */
  isNode?: boolean;
};

export type Protocol = "TCP" | "UDP" | "SCTP";
export type Flow = { from: Endpoint; to: Endpoint; port: number; protocol: Protocol; address: string };

/** The policies in force, and the labels of namespaces by name. */
export type Network = {
  policies: readonly NetworkPolicy[];
  namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

type Spec = NonNullable<NetworkPolicy["spec"]>;
type Selector = NonNullable<Spec["podSelector"]>;
type EgressRule = NonNullable<Spec["egress"]>[number];
type Peer = NonNullable<EgressRule["to"]>[number];
type Port = NonNullable<EgressRule["ports"]>[number];

type Requirement = NonNullable<Selector["matchExpressions"]>[number];

const meets = (labels: Readonly<Record<string, string>>, { key, operator, values = [] }: Requirement): boolean => {
  const value = labels[key];
  if (operator === "Exists") return value !== undefined;
  if (operator === "DoesNotExist") return value === undefined;
  if (operator === "In") return value !== undefined && values.includes(value);
  if (operator === "NotIn") return value === undefined || !values.includes(value);
  throw new Error(`a NetworkPolicy selects by the operator ${operator}, which Kubernetes does not have`);
};

/** An empty selector selects everything. */
const selects = (selector: Selector, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every((one) => meets(labels, one));

const within = (address: string, cidr: string): boolean => {
  const [network = "", prefix = ""] = cidr.split("/");
  const family = isIPv6(network) ? "ipv6" : "ipv4";
  if (isIPv6(address) !== (family === "ipv6")) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(address, family);
};

/** Whether a peer of a rule means this endpoint. `home` is the policy's namespace, where a pod selector alone looks. */
const isPeer = (peer: Peer, endpoint: Endpoint, address: string, home: string, { namespaces }: Network): boolean => {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return within(address, cidr) && !except.some((one) => within(address, one));
  }
  const { pod } = endpoint;
  if (!pod) return false;
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, namespaces[pod.namespace] ?? {})
    : pod.namespace === home;
  return inNamespace && (!peer.podSelector || selects(peer.podSelector, pod.labels));
};

const isPort = ({ port, endPort, protocol = "TCP" }: Port, flow: Flow): boolean => {
  if (typeof port === "string") throw new Error(`a NetworkPolicy names the port ${port}; the model knows numbers only`);
  if (protocol !== flow.protocol) return false;
  if (port === undefined) return true;
  return endPort === undefined ? port === flow.port : port <= flow.port && flow.port <= endPort;
};

type Rule = { peers: readonly Peer[] | undefined; ports: readonly Port[] | undefined };

/** A rule without peers is for everybody, one without ports for all of them. */
const lets = (rule: Rule, flow: Flow, other: Endpoint, address: string, home: string, network: Network): boolean =>
  (!rule.peers?.length || rule.peers.some((peer) => isPeer(peer, other, address, home, network))) &&
  (!rule.ports?.length || rule.ports.some((port) => isPort(port, flow)));

const typesOf = ({ policyTypes, egress }: Spec): readonly string[] =>
  policyTypes ?? (egress ? ["Ingress", "Egress"] : ["Ingress"]);

const rulesOf = (spec: Spec, type: "Ingress" | "Egress"): Rule[] =>
  type === "Ingress"
    ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));

/** Whether the policies of this end let the flow pass; an end that no policy selects lets everything pass. */
const passes = (type: "Ingress" | "Egress", flow: Flow, network: Network): boolean => {
  const [mine, other] = type === "Ingress" ? [flow.to, flow.from] : [flow.from, flow.to];
  const { pod } = mine;
  if (!pod || (type === "Ingress" && flow.from.isNode)) return true;
  const address = type === "Egress" ? flow.address : (flow.from.addresses[0] ?? "");
  const selecting = network.policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === pod.namespace &&
      spec !== undefined &&
      selects(spec.podSelector ?? {}, pod.labels) &&
      typesOf(spec).includes(type),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ spec }) =>
    rulesOf(spec ?? {}, type).some((rule) => lets(rule, flow, other, address, pod.namespace, network)),
  );
};

/**
 * Whether the first packet of a flow arrives, by the semantics of networking.k8s.io/v1: both ends must let it pass, and
 * answers follow. An ipBlock is taken to mean pods' addresses too, as some networks do; that errs on the side of letting pass.
 */
export const isAllowed = (flow: Flow, network: Network): boolean =>
  passes("Egress", flow, network) && passes("Ingress", flow, network);
