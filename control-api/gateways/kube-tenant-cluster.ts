import type { Tenant, VaultTemplate } from "../../crds/index.ts";
import { isConflict, isNotFound } from "../../kube/errors.ts";
import { apiVersionOf, type Kube, type KubeObject } from "../../kube/kube.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { createReflector, type Reflector, type ReflectorOptions } from "../../kube/reflector.ts";
import type { TemplateView } from "../contract/templates.ts";
import { publicId } from "../ids.ts";
import type { Observation } from "../tenants/observe-vault.ts";
import type { Wanted } from "../tenants/vault-repository.ts";
import { type TenantCluster, TenantForeignError } from "./tenant-cluster.ts";

export interface KubeTenantClusterOptions {
  readonly kube: Kube;
  /** Value of the label polyphony.dev/instance: whose operator is to see to these Tenants. */
  readonly instance?: string | undefined;
  readonly onTrouble: (error: unknown) => void;
}

const fieldManager = "polyphony-control-api";
const instanceLabel = "polyphony.dev/instance";
const retryAnnotation = "polyphony.dev/retry-requested-at";
const tenantKind = typed<Tenant>(kinds.tenant);
const templateKind = typed<VaultTemplate>(kinds.vaultTemplate);

const tenantOf = (wanted: Wanted, instance: string | undefined) => ({
  apiVersion: apiVersionOf(kinds.tenant),
  kind: kinds.tenant.kind,
  metadata: { name: wanted.slug, ...(instance ? { labels: { [instanceLabel]: instance } } : {}) },
  spec: {
    organization: { id: publicId("organization", wanted.organizationId), name: wanted.name },
    template: wanted.template,
    plan: wanted.plan,
    owner: wanted.owner,
    activity: wanted.activity,
    ...(wanted.activityReason === "" ? {} : { activityReason: wanted.activityReason }),
  },
});

const observationOf = ({ metadata, status }: Tenant): Observation => {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return {
    tenant: metadata.name,
    vaultId: status?.vaultId ?? null,
    phase: metadata.deletionTimestamp ? "Deleting" : (status?.phase ?? "Requested"),
    reason: ready?.reason ?? "",
    message: status?.message ?? "",
    url: status?.url ?? null,
    clientKeys: status?.clientKeys ?? null,
    ready: ready?.status === "True",
    release: status?.release?.version ?? null,
    step: status?.progress?.step ?? null,
    steps: status?.progress?.of ?? null,
    currentStep: status?.progress?.current ?? null,
  };
};

/** Undefined for one that is on its way out. */
const templateViewOf = ({ metadata, spec }: VaultTemplate): TemplateView | undefined =>
  metadata.deletionTimestamp
    ? undefined
    : { name: metadata.name, displayName: spec.displayName, plans: Object.keys(spec.plans).sort() };

const reflectorOf = <T extends KubeObject, P>(
  { kube, onTrouble }: KubeTenantClusterOptions,
  what: Pick<ReflectorOptions<T, P>, "kind" | "project" | "labelSelector">,
): Reflector<P> =>
  createReflector<T, P>({
    ...what,
    kube,
    notice: ({ what: happened, error }) => {
      if (happened === "failed") onTrouble(error);
    },
    listenerFailed: onTrouble,
  });

const watchTenants =
  (options: KubeTenantClusterOptions): TenantCluster["watch"] =>
  (listener) => {
    const labelSelector = options.instance ? `${instanceLabel}=${options.instance}` : undefined;
    const reflector = reflectorOf(options, { kind: tenantKind, project: observationOf, labelSelector });
    reflector.subscribe(({ now }) => {
      if (now) listener(now);
    });
    reflector.start();
    return () => reflector.stop();
  };

const watchTemplates =
  (options: KubeTenantClusterOptions): TenantCluster["watchTemplates"] =>
  (listener) => {
    const reflector = reflectorOf(options, { kind: templateKind, project: templateViewOf });
    const tell = (): void => {
      if (reflector.synced()) listener(Array.from(reflector.values(), ({ value }) => value));
    };
    reflector.subscribe(tell);
    reflector.start();
    // Rejects when it is stopped before.
    reflector.whenSynced().then(tell, () => undefined);
    return () => reflector.stop();
  };

/** The real cluster, by server-side apply under a manager of its own that never takes a field from another. */
export const createKubeTenantCluster = (options: KubeTenantClusterOptions): TenantCluster => {
  const { kube, instance } = options;
  return {
    publish: async (wanted) => {
      const tenant = tenantOf(wanted, instance);
      const found = await kube.find(tenantKind, { name: wanted.slug });
      if (found && found.spec.organization.id !== tenant.spec.organization.id) {
        throw new TenantForeignError(
          `The Tenant "${wanted.slug}" belongs to the organization ${found.spec.organization.id}; it is left alone.`,
        );
      }
      try {
        await kube.apply(tenantKind, tenant as unknown as Tenant, { fieldManager });
      } catch (error) {
        if (!isConflict(error)) throw error;
        throw new TenantForeignError(`Another manager holds fields of the Tenant "${wanted.slug}".`, { cause: error });
      }
    },
    remove: async (tenant, organizationId) => {
      const found = await kube.find(tenantKind, { name: tenant });
      if (found?.spec.organization.id !== publicId("organization", organizationId)) return;
      await kube.delete(tenantKind, { name: tenant }, { uid: found.metadata.uid }).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    },
    retry: async (tenant, at) => {
      const patch = { metadata: { annotations: { [retryAnnotation]: at.toISOString() } } };
      await kube.patch(tenantKind, { name: tenant }, patch, { fieldManager }).catch((error: unknown) => {
        // Not made yet: publishing it is what was asked for.
        if (!isNotFound(error)) throw error;
      });
    },
    watch: watchTenants(options),
    watchTemplates: watchTemplates(options),
  };
};
