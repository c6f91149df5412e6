import type { NetworkPeer } from "../../../crds/index.ts";
import type { NetworkPolicy } from "../../../kube/kinds.ts";
import type { Desired } from "../desired-vault.ts";
import { ownedLabels } from "../names.ts";

type EgressRule = NonNullable<NonNullable<NetworkPolicy["spec"]>["egress"]>[number];

const policy = (vault: Desired, name: string, spec: NonNullable<NetworkPolicy["spec"]>): NetworkPolicy => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace: vault.namespace, labels: ownedLabels(vault.vaultId, vault.slug) },
  spec,
});

const everyPod = {};

/** A peer of our resources as a rule of a NetworkPolicy. */
const egressTo = ({ ports, ipBlock, namespaceSelector, podSelector }: NetworkPeer): EgressRule => {
  const to = JSON.parse(JSON.stringify({ ipBlock, namespaceSelector, podSelector })) as NonNullable<
    EgressRule["to"]
  >[number];
  return { to: [to], ports: ports.map(({ port, protocol }) => ({ port, protocol })) };
};

/**
 * Nothing in or out but: in from the gateway to the public port; out to DNS, mail, storage, the registry and the
 * vault's own database server. The internal port is open to nobody: probes come from the node itself.
 */
export const networkPolicies = (vault: Desired): NetworkPolicy[] => {
  const { egress, gateway } = vault.settings;
  const bucket = vault.template.needs?.bucket ? egress.storage : [];
  const registry = vault.settings.registryUrl ? egress.registry : [];
  const peers = [...egress.dns, ...egress.mail, ...bucket, ...registry, ...(vault.server.spec.networkPeers ?? [])];
  return [
    policy(vault, "default-deny", { podSelector: everyPod, policyTypes: ["Ingress", "Egress"] }),
    policy(vault, "from-gateway", {
      podSelector: everyPod,
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": gateway.namespace } },
              podSelector: { matchLabels: gateway.podLabels },
            },
          ],
          ports: [{ port: vault.template.port, protocol: "TCP" }],
        },
      ],
    }),
    policy(vault, "to-peers", {
      podSelector: everyPod,
      policyTypes: ["Egress"],
      // An empty list is not stored, and would look like an edit by hand.
      ...(peers.length > 0 ? { egress: peers.map(egressTo) } : {}),
    }),
  ];
};
