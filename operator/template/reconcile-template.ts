import type { VaultRelease, VaultTemplate, VaultTemplateStatus } from "../../crds/index.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Reflector } from "../../kube/reflector.ts";
import { from, type Reconcile, type Source } from "../engine/controller.ts";
import { outcomeOf } from "../kube-outcome.ts";
import { done, wait } from "../outcome.ts";
import { sameValue } from "../same-value.ts";
import { fieldManager } from "../tenant/names.ts";

export type TemplateDeps = {
  kube: Kube;
  templates: Pick<Reflector<VaultTemplate>, "get">;
  releases: Pick<Reflector<VaultRelease>, "values">;
  /** Tenants that use the template. */
  tenantsOf: (template: string) => number;
};

const templateKind = typed<VaultTemplate>(kinds.vaultTemplate);

/** Tenants come and go often, so they are counted now and then, not at each change. */
const countAgainMs = 60_000;

const statusOf = (template: VaultTemplate, deps: TemplateDeps): VaultTemplateStatus => {
  const { name } = template.metadata;
  const releases = [...deps.releases.values()].filter(({ value }) => value.spec.template === name).length;
  return { ...template.status, releases, tenants: deps.tenantsOf(name) };
};

/** Says in a VaultTemplate's status who uses it. */
export const reconcileTemplate =
  (deps: TemplateDeps): Reconcile =>
  async (key) => {
    const template = deps.templates.get(key)?.value;
    if (!template) return done();
    const status = statusOf(template, deps);
    const again = wait(countAgainMs, "Ready", "Tenants are counted now and then.");
    if (sameValue(status, template.status)) return again;
    const { name, uid } = template.metadata;
    const body = { apiVersion: template.apiVersion, kind: template.kind, metadata: { name, uid }, status };
    try {
      await deps.kube
        .applyStatus(templateKind, body as unknown as VaultTemplate, { force: true, fieldManager })
        .catch(ignoreNotFound);
    } catch (error) {
      return outcomeOf(error);
    }
    return again;
  };

/** What wakes a template: itself, and releases of it that come or go. */
export const templateSources = (caches: {
  templates: Reflector<VaultTemplate>;
  releases: Reflector<VaultRelease>;
}): Source[] => [
  from(caches.templates, ({ key, old, now }) =>
    old && now && old.metadata.generation === now.metadata.generation ? [] : [key],
  ),
  from(caches.releases, ({ old, now }) => (old && now ? [] : [(now ?? old).spec.template])),
];
