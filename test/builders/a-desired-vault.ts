import type { Desired } from "../../operator/tenant/desired-vault.ts";
import { namespaceOf } from "../../operator/tenant/names.ts";
import { aRelease, aServer, aTemplate, aTenant, vaultId } from "./a-world.ts";

/** What the objects of a vault are made from, with what a test changes. */
export const aDesiredVault = (changes: Partial<Desired> = {}): Desired => ({
  slug: "alto-ensemble",
  vaultId,
  namespace: namespaceOf(vaultId),
  publicUrl: "http://alto-ensemble.polyphony.localhost:8080",
  spec: aTenant().spec,
  template: aTemplate().spec,
  plan: aTemplate().spec.plans.free as never,
  release: aRelease().spec,
  server: aServer(),
  secrets: {
    databaseUrl: "postgres://canary-password@db/vault",
    signingKey: "canary-key",
    acceptedSigningKeys: [],
    label: "password-a1_key-1",
  },
  settings: {
    publicUrlTemplate: "http://{slug}.polyphony.localhost:8080",
    smtpUrl: "smtp://canary@mail",
    mailFrom: "Polyphony <no-reply@example.org>",
    egress: {
      dns: [{ ipBlock: { cidr: "10.0.0.10/32" }, ports: [{ port: 53, protocol: "UDP" }] }],
      mail: [{ namespaceSelector: { matchLabels: { name: "mail" } }, ports: [{ port: 25, protocol: "TCP" }] }],
      storage: [{ ipBlock: { cidr: "10.0.0.11/32" }, ports: [{ port: 9000, protocol: "TCP" }] }],
      registry: [{ ipBlock: { cidr: "10.0.0.12/32" }, ports: [{ port: 443, protocol: "TCP" }] }],
    },
    gateway: { namespace: "polyphony-system", podLabels: { app: "gateway" } },
    imagePullSecrets: [],
    rotateSecretsAfterMs: 0,
  },
  ...changes,
});
