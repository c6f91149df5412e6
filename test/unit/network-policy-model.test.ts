import { describe, expect, it } from "@jest/globals";
import type { NetworkPolicy } from "../../kube/kinds.ts";
import { type Endpoint, type Flow, isAllowed, type Network } from "../isolation/network/network-policy-model.ts";

type Spec = NonNullable<NetworkPolicy["spec"]>;

const pod = (namespace: string, labels: Record<string, string> = {}, address = "10.1.0.1"): Endpoint => ({
  name: `${namespace}/pod`,
  addresses: [address],
  pod: { namespace, labels },
});
const outside: Endpoint = { name: "outside", addresses: ["192.0.2.1"] };
const node: Endpoint = { name: "node", addresses: ["10.0.0.1"], isNode: true };

const a = pod("a", { app: "one" });
const b = pod("b", { app: "two" }, "10.1.0.2");

const network = (...specs: Spec[]): Network => ({
  policies: specs.map((spec) => ({ metadata: { name: "p", namespace: "a" }, spec })),
  namespaces: { a: { team: "a" }, b: { team: "b" } },
});
const flow = (from: Endpoint, to: Endpoint, more: Partial<Flow> = {}): Flow => ({
  from,
  to,
  port: 80,
  protocol: "TCP",
  address: to.addresses[0] ?? "",
  ...more,
});

describe("the model of NetworkPolicy", () => {
  it("lets everything pass where no policy selects the pod", () => {
    expect(isAllowed(flow(a, b), network())).toBe(true);
    expect(isAllowed(flow(a, b), network({ podSelector: { matchLabels: { app: "other" } }, egress: [] }))).toBe(true);
  });

  it("lets nothing pass where a policy without rules does, but always the pod's own node", () => {
    const deny = network({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(isAllowed(flow(a, b), deny)).toBe(false);
    expect(isAllowed(flow(b, a), deny)).toBe(false);
    expect(isAllowed(flow(outside, a), deny)).toBe(false);
    expect(isAllowed(flow(node, a), deny)).toBe(true);
  });

  it("takes a policy without types for ingress, and for egress only when it has such rules", () => {
    expect(isAllowed(flow(a, b), network({ podSelector: {} }))).toBe(true);
    expect(isAllowed(flow(b, a), network({ podSelector: {} }))).toBe(false);
    expect(isAllowed(flow(a, b), network({ podSelector: {}, egress: [] }))).toBe(false);
  });

  it("adds policies up", () => {
    const deny: Spec = { podSelector: {}, policyTypes: ["Egress"] };
    expect(isAllowed(flow(a, b), network(deny, { podSelector: {}, policyTypes: ["Egress"], egress: [{}] }))).toBe(true);
  });

  const to = (rule: NonNullable<Spec["egress"]>[number]): Network =>
    network({ podSelector: {}, policyTypes: ["Egress"], egress: [rule] });
  const other = { team: "b" };

  it.each<[string, Network, boolean]>([
    ["a pod selector alone looks in the policy's own namespace", to({ to: [{ podSelector: {} }] }), false],
    [
      "a namespace selector alone means all its pods",
      to({ to: [{ namespaceSelector: { matchLabels: other } }] }),
      true,
    ],
    [
      "both together must hold at once",
      to({ to: [{ namespaceSelector: { matchLabels: other }, podSelector: { matchLabels: { app: "one" } } }] }),
      false,
    ],
    [
      "two peers are alternatives",
      to({ to: [{ podSelector: { matchLabels: { app: "one" } } }, { namespaceSelector: { matchLabels: other } }] }),
      true,
    ],
    ["an address block holds by address", to({ to: [{ ipBlock: { cidr: "10.1.0.0/24" } }] }), true],
    [
      "but not for what it leaves out",
      to({ to: [{ ipBlock: { cidr: "10.1.0.0/24", except: ["10.1.0.2/32"] } }] }),
      false,
    ],
    ["nor for another family", to({ to: [{ ipBlock: { cidr: "::/0" } }] }), false],
    ["a port must be the one", to({ ports: [{ port: 81 }] }), false],
    ["a port is TCP unless it says so", to({ ports: [{ port: 80, protocol: "UDP" }] }), false],
    ["a range of ports has both its ends", to({ ports: [{ port: 79, endPort: 80 }] }), true],
    [
      "expressions select too",
      to({ to: [{ namespaceSelector: { matchExpressions: [{ key: "team", operator: "In", values: ["b", "c"] }] } }] }),
      true,
    ],
    [
      "also by what is not there",
      to({ to: [{ namespaceSelector: { matchExpressions: [{ key: "team", operator: "DoesNotExist" }] } }] }),
      false,
    ],
  ])("%s", (_name, policies, expected) => {
    expect(isAllowed(flow(a, b), policies)).toBe(expected);
  });

  it("refuses to judge a named port, which it does not model", () => {
    expect(() => isAllowed(flow(a, b), to({ ports: [{ port: "http" }] }))).toThrow("names the port http");
  });
});
