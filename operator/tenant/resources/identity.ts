import type { Secret, ServiceAccount } from "../../../kube/kinds.ts";
import type { Desired } from "../desired-vault.ts";
import { ownedLabels, serviceAccountName, vaultName } from "../names.ts";

/** The account the pods run as; its token is not mounted, as a vault has no business with the Kubernetes API. */
export const serviceAccount = (vault: Desired): ServiceAccount => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: {
    name: serviceAccountName,
    namespace: vault.namespace,
    labels: ownedLabels(vault.vaultId, vault.slug),
  },
  automountServiceAccountToken: false,
});

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

/** What pods read once, at their start: a change of these must roll them. */
export const readAtStart = ["DATABASE_URL", "SIGNING_KEY", "ACCEPTED_SIGNING_KEYS", "SMTP_URL"] as const;

/** What only pods with a registry read, likewise at their start. */
export const readForRegistry = "REGISTRY_KEY";

/** What pods read anew while they run, from files of these names: a change of these rolls nothing. */
export const readLive = ["VAULT_NAME", "OWNER_EMAIL", "OWNER_NAME", "ACCESS", "ACCESS_REASON"] as const;

/** What the vault must know and nobody else may, and who it belongs to. */
export const secret = (vault: Desired): Secret => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: vaultName, namespace: vault.namespace, labels: ownedLabels(vault.vaultId, vault.slug) },
  type: "Opaque",
  data: Object.fromEntries(Object.entries(contents(vault)).map(([name, value]) => [name, base64(value)])),
});

const contents = ({
  secrets,
  settings,
  spec,
}: Desired): Record<(typeof readAtStart | typeof readLive)[number], string> & { [readForRegistry]?: string } => ({
  DATABASE_URL: secrets.databaseUrl,
  SIGNING_KEY: secrets.signingKey,
  ACCEPTED_SIGNING_KEYS: secrets.acceptedSigningKeys.join(" "),
  SMTP_URL: settings.smtpUrl,
  ...(secrets.clientKey === undefined ? {} : { [readForRegistry]: secrets.clientKey }),
  VAULT_NAME: spec.organization.name,
  OWNER_EMAIL: spec.owner.email,
  OWNER_NAME: spec.owner.name,
  ACCESS: spec.access,
  ACCESS_REASON: spec.accessReason ?? "",
});
