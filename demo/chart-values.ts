import type { ImageReferences } from "../cluster/images.ts";
import { newestSchemaVersion } from "../vault-template/db/migrations/steps.ts";

/** Console and API, outside the vaults' base domain. */
export const consoleUrl = "http://console.localhost:8080";

/** Who sees and steers everything in the demo. */
export const firstAdmin = { email: "admin@polyphony.example", name: "Platform Admin" } as const;

/** Splits `repository@sha256:…`. */
export const splitReference = (reference: string | undefined): { repository: string; digest: string } => {
  const [repository, digest] = (reference ?? "").split("@");
  if (!repository || !digest)
    throw new Error(`"${reference ?? ""}" is not an image by digest; build the images again with make images`);
  return { repository, digest };
};

const nodePort = { ports: [{ port: 1025, protocol: "TCP" }] };

/** A release never changes, so each build of the vault is a version of its own: 1.0.0-build.<8 digits of the digest>. */
const releaseOf = (version: string, digest: string, schemaVersion: number) => ({
  version: `${version}-build.${digest.replace("sha256:", "").slice(0, 8)}`,
  digest,
  schemaVersion,
});

/** The chart's values for the demo: images built here, the bundled PostgreSQL, and every mail to the inbox. */
export const chartValues = (images: ImageReferences, dnsCidr: string | undefined) => {
  const vault = splitReference(images.vault);
  const newest = releaseOf("1.1.0", vault.digest, newestSchemaVersion);
  const previous = splitReference(images["vault-previous"]);
  return {
    baseDomain: "polyphony.localhost",
    publicUrlTemplate: "http://{slug}.polyphony.localhost:8080",
    operator: { image: splitReference(images.operator) },
    gateway: { image: splitReference(images.gateway) },
    controlApi: {
      image: splitReference(images["control-api"]),
      publicUrl: consoleUrl,
      firstAdmin,
      env: {
        // Everybody comes from one address here, 127.0.0.1, tests included.
        RATE_LIMITS_FACTOR: "1000",
        // Every mail as it looks, with invented people in it; off anywhere else.
        MAIL_PREVIEW: "true",
      },
    },
    redis: { image: splitReference(images.redis) },
    postgresql: { image: splitReference(images.postgres) },
    mail: { smtpUrl: "smtp://inbox.polyphony-demo.svc:1025", from: "Polyphony <no-reply@polyphony.localhost>" },
    egress: {
      mail: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "polyphony-demo" } }, ...nodePort }],
      ...(dnsCidr ? { dns: [dnsPeer(dnsCidr)] } : {}),
    },
    template: {
      repository: vault.repository,
      // Stable is the release before the newest, so that there is something to promote.
      release: releaseOf("1.0.0", previous.digest, newestSchemaVersion - 1),
      releases: [newest],
      channels: { next: newest.version },
    },
  };
};

const dnsPeer = (cidr: string) => ({
  ipBlock: { cidr },
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
});
