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

/** What the vault must know and nobody else may. */
export const secret = (vault: Desired): Secret => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: vaultName, namespace: vault.namespace, labels: ownedLabels(vault.vaultId, vault.slug) },
  type: "Opaque",
  data: {
    DATABASE_URL: base64(vault.secrets.databaseUrl),
    SIGNING_KEY: base64(vault.secrets.signingKey),
    SMTP_URL: base64(vault.settings.smtpUrl),
  },
});
