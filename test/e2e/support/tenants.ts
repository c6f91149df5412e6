import { randomBytes } from "node:crypto";
import type { Tenant, TenantSpec, VaultRelease } from "../../../crds/index.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import { annotations, namespaceOf } from "../../../operator/tenant/names.ts";
import { adminUrl, vaultCatalog } from "./admin-database.ts";
import type { Demo } from "./demo-installation.ts";
import { eventually, type Patience } from "../../harness/eventually.ts";

export const tenantKind = typed<Tenant>(kinds.tenant);

/** A slug that no other run has. */
export const randomSlug = (stem: string): string => `${stem}-${randomBytes(3).toString("hex")}`;

/** A Tenant as a person would write it; deleted, it leaves nothing. */
export const tenantManifest = (slug: string, spec: Partial<TenantSpec> = {}) => ({
  apiVersion: "polyphony.dev/v1alpha1" as const,
  kind: "Tenant" as const,
  metadata: { name: slug },
  spec: {
    organization: { id: `org_${slug}`, name: `Choir ${slug}` },
    template: "choir",
    plan: "free",
    owner: { email: `owner@${slug}.example`, name: "Ola Nordmann" },
    retention: "0s",
    ...spec,
  },
});
export type TenantManifest = ReturnType<typeof tenantManifest>;

export type Tenants = {
  /** `kubectl apply` of these. */
  apply(...manifests: TenantManifest[]): Promise<void>;
  get(slug: string): Promise<Tenant>;
  /** Waits until the Tenant is as `test` says; the error names what its conditions say. */
  until(slug: string, what: string, test: (tenant: Tenant) => boolean, patience?: Patience): Promise<Tenant>;
  ready(slug: string, patience?: Patience): Promise<Tenant>;
  /** Deletes and does not wait. */
  letGo(...slugs: string[]): Promise<void>;
  /** Deletes and waits until Tenants, namespaces, databases and roles are gone. */
  remove(...slugs: string[]): Promise<void>;
  /** Removes all that were applied and are still there. */
  removeAll(): Promise<void>;
};

export const conditionOf = (tenant: Pick<Tenant, "status"> | Pick<VaultRelease, "status">, type: string) =>
  tenant.status?.conditions?.find((condition) => condition.type === type);

export const isReady = (tenant: Tenant): boolean =>
  conditionOf(tenant, "Ready")?.status === "True" && tenant.status?.observedGeneration === tenant.metadata.generation;

/** The vault id of a Tenant that has been taken up. */
export const vaultIdOf = (tenant: Tenant): string => {
  const id = tenant.status?.vaultId;
  if (id === undefined) throw new Error(`The Tenant ${tenant.metadata.name} has no vault id yet`);
  return id;
};

export const vaultNamespace = (tenant: Tenant): string => namespaceOf(vaultIdOf(tenant));

const tellOf = ({ metadata, status }: Tenant): string => {
  const bad = (status?.conditions ?? []).filter(({ status: value }) => value !== "True");
  const why = bad.map(({ type, reason, message }) => `${type}=${reason}: ${message}`).join(" · ");
  return `${metadata.name} is ${status?.phase ?? "not seen"}; ${why}`;
};

/** What is left of these vaults: namespaces, databases and roles. */
export const leftovers = async (demo: Demo, vaultIds: string[]): Promise<string[]> => {
  const { databases, roles } = await vaultCatalog(await adminUrl(demo));
  const namespaces = await demo.kube.list(kinds.namespace, { labelSelector: "polyphony.dev/vault=true" });
  const names = [...databases, ...roles, ...namespaces.map(({ metadata }) => metadata?.name ?? "")];
  const hex = vaultIds.map((id) => id.replaceAll("-", ""));
  return names.filter((name) =>
    hex.some((id) => name.startsWith(`vault_${id}`) || name === `vault-${id.slice(0, 12)}`),
  );
};

/** Makes Tenants in the demo, and takes away those it made. */
export const createTenants = (demo: Demo): Tenants => {
  const made = new Set<string>();
  const find = (slug: string) => demo.kube.find(tenantKind, { name: slug });
  const until: Tenants["until"] = (slug, what, test, patience = { withinMs: 120_000 }) =>
    eventually(
      `${slug} ${what}`,
      async () => {
        const tenant = await demo.kube.get(tenantKind, { name: slug });
        if (test(tenant)) return tenant;
        throw new Error(tellOf(tenant));
      },
      patience,
    );
  const letGo: Tenants["letGo"] = async (...slugs) => {
    // Said beforehand: many deletions in an hour are what the operator stops at and asks about.
    await demo.kubectl(["annotate", "tenant", "--overwrite", ...slugs, `${annotations.deletion}=approved`]);
    await demo.kubectl(["delete", "tenant", "--ignore-not-found", "--wait=false", ...slugs]);
  };
  const remove: Tenants["remove"] = async (...slugs) => {
    const present = (await Promise.all(slugs.map(find))).filter((tenant) => tenant !== undefined);
    if (present.length === 0) return;
    const ids = present.map(({ metadata }) => metadata.uid);
    const names = present.map(({ metadata }) => metadata.name);
    const patience = { withinMs: 120_000 + names.length * 5_000, everyMs: 500 };
    await letGo(...names);
    await eventually(
      `deletion of ${names.join(", ")}`,
      async () => {
        const there = (await Promise.all(names.map(find))).filter((tenant) => tenant !== undefined);
        if (there.length > 0) throw new Error(there.slice(0, 5).map(tellOf).join("\n"));
        return true;
      },
      patience,
    );
    const left = await leftovers(demo, ids);
    if (left.length > 0) throw new Error(`Deleted Tenants left behind: ${left.join(", ")}`);
    for (const name of names) made.delete(name);
  };
  return {
    apply: async (...manifests) => {
      for (const { metadata } of manifests) made.add(metadata.name);
      const list = { apiVersion: "v1", kind: "List", items: manifests };
      const { code, stderr } = await demo.kubectl(["apply", "-f", "-"], JSON.stringify(list));
      if (code !== 0) throw new Error(`kubectl apply: ${stderr}`);
    },
    get: (slug) => demo.kube.get(tenantKind, { name: slug }),
    until,
    ready: (slug, patience) => until(slug, "is Ready", isReady, patience),
    letGo,
    remove,
    removeAll: () => remove(...made),
  };
};
