import type { Tenant } from "../../../crds/index.ts";
import { ignoreNotFound } from "../../../kube/errors.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import type { Kube } from "../../../kube/kube.ts";
import { createReflector } from "../../../kube/reflector.ts";
import { tenantSpec } from "./catalogue.ts";

export const tenantKind = typed<Tenant>(kinds.tenant);

/** What is seen of Tenants. */
type Seen = { ready: boolean; vaultId: string | undefined };

/** The Tenants of a world: made, awaited and removed by their slugs. */
export type Population = {
  create(slug: string): Promise<void>;
  /** When a watch saw it Ready, by performance.now(). */
  ready(slug: string): Promise<number>;
  /** Deletes it; resolves when it is gone. */
  remove(slug: string): Promise<void>;
  /** Makes as many as are missing, and waits until all are Ready. Gives their slugs. */
  atLeast(count: number): Promise<string[]>;
  vaultIdOf(slug: string): string;
  readonly size: number;
  stop(): Promise<void>;
};

/** Answers the breaker beforehand: these are meant to go. */
const annotations = { "polyphony.dev/deletion": "approved" };

/** So many creations at a time. */
const creators = 8;

/** Watches the Tenants there are. */
export const watchPopulation = async (kube: Kube): Promise<Population> => {
  const readyListeners = new Map<string, (at: number) => void>();
  const goneListeners = new Map<string, () => void>();
  const reflector = createReflector<Tenant, Seen>({
    kube,
    kind: tenantKind,
    project: ({ status }) => ({
      ready: status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false,
      vaultId: status?.vaultId,
    }),
  });
  reflector.subscribe(({ key, now }) => {
    if (!now) goneListeners.get(key)?.();
    if (now?.ready) readyListeners.get(key)?.(performance.now());
  });
  reflector.start();
  await reflector.whenSynced();

  const create = async (slug: string): Promise<void> => {
    const object = { apiVersion: "polyphony.dev/v1alpha1", kind: "Tenant", metadata: { name: slug, annotations } };
    await kube.create<object>(kinds.tenant, { ...object, spec: tenantSpec(slug) });
  };
  const ready = (slug: string): Promise<number> =>
    new Promise((resolve) => {
      readyListeners.set(slug, resolve);
      if (reflector.get(slug)?.value.ready) resolve(performance.now());
    });

  return {
    create,
    ready,
    remove: async (slug) => {
      const gone = new Promise<void>((resolve) => goneListeners.set(slug, resolve));
      await kube.delete(tenantKind, { name: slug }).catch(ignoreNotFound);
      if (reflector.get(slug)) await gone;
    },
    atLeast: async (count) => {
      const missing = Math.max(0, count - reflector.size);
      const slugs = Array.from({ length: missing }, (_, index) => `settled-${String(reflector.size + index)}`);
      const left = slugs.values();
      await Promise.all(
        Array.from({ length: creators }, async () => {
          for (const slug of left) await create(slug);
        }),
      );
      const all = [...new Set([...reflector.values()].map(({ key }) => key).concat(slugs))];
      await Promise.all(all.map(ready));
      return all;
    },
    vaultIdOf: (slug) => reflector.get(slug)?.value.vaultId ?? "",
    get size() {
      return reflector.size;
    },
    stop: () => reflector.stop(),
  };
};
