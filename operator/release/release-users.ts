import type { Tenant, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import type { Reflector } from "../../kube/reflector.ts";
import { wantedReleaseName } from "../tenant/upgrade/release-choice.ts";

/** Tenants that run a release or are to run it, by name and sorted; null before the Tenants were read. */
export const releaseUsers =
  (caches: {
    tenants: Pick<Reflector<Tenant>, "byIndex" | "synced">;
    templates: Pick<Reflector<VaultTemplate>, "get">;
  }) =>
  (release: VaultRelease): string[] | null => {
    if (!caches.tenants.synced()) return null;
    const { name } = release.metadata;
    const template = caches.templates.get(release.spec.template)?.value ?? null;
    return caches.tenants
      .byIndex("template", release.spec.template)
      .map(({ value }) => value)
      .filter((tenant) => tenant.status?.release?.name === name || wantedReleaseName(tenant, template) === name)
      .map(({ metadata }) => metadata.name)
      .sort();
  };
