import type { Phase, Tenant } from "../crds/index.ts";

/** Where a vault is to be found in the cluster. */
export interface Backend {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

/** What the gateway keeps of a Tenant: all that routing and the pages need, and nothing else. */
export interface VaultRoute {
  readonly slug: string;
  /** Hosts of the organization's own, as the Tenant claims them; which of them count is the table's business. */
  readonly hosts: readonly string[];
  readonly phase: Phase;
  readonly organization: string;
  /** Milliseconds since 1970; the older of two Tenants keeps a host that both claim. */
  readonly created: number;
  /** Set once the vault has run. */
  readonly backend?: Backend | undefined;
  readonly message?: string | undefined;
  /** Why it is suspended, as whoever suspended it tells its visitors. */
  readonly suspendedFor?: string | undefined;
  readonly progress?: { readonly step: number; readonly of: number; readonly current: string } | undefined;
}

/** Its deletion waits for somebody's answer, and until then it serves on. */
const isHeld = ({ status }: Tenant): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "DeletionHeld" && is === "True") ?? false;

/** The projection of a Tenant; undefined for an object without a name. Pure. */
export const vaultRouteOf = (tenant: Tenant): VaultRoute | undefined => {
  const { metadata, spec, status } = tenant;
  if (!metadata.name) return undefined;
  return {
    slug: metadata.name,
    hosts: spec.hosts ?? [],
    phase: metadata.deletionTimestamp && !isHeld(tenant) ? "Deleting" : (status?.phase ?? "Pending"),
    organization: spec.organization.name,
    created: Date.parse(metadata.creationTimestamp) || 0,
    // Before it has ever run nobody is there to be asked, and asking in vain takes up to a second.
    backend: status?.release && status.backend,
    message: status?.message,
    suspendedFor: spec.activityReason,
    progress: status?.progress,
  };
};
