import type { NetworkPeer } from "../../crds/index.ts";

/** What an installation says once and every vault follows. */
export type TenantSettings = {
  /** For example `http://{slug}.polyphony.localhost:8080`. */
  publicUrlTemplate: string;
  smtpUrl: string;
  mailFrom: string;
  registryUrl?: string | undefined;
  /** Where vaults may connect, beside their database server. */
  egress: { dns: NetworkPeer[]; mail: NetworkPeer[]; storage: NetworkPeer[]; registry: NetworkPeer[] };
  /** The pods that may connect to vaults. */
  gateway: { namespace: string; podLabels: Record<string, string> };
  imagePullSecrets: string[];
  /** Passwords and keys older than this are replaced, in ms; 0: only on request. */
  rotateSecretsAfterMs: number;
};
