import { setTimeout as sleep } from "node:timers/promises";
import { kind, kinds } from "../../../kube/kinds.ts";
import type { Kind, Kube, KubeObject } from "../../../kube/kube.ts";
import { createReflector, type Reflector } from "../../../kube/reflector.ts";
import { concerns, masked, type Subject } from "./subject.ts";

/** How often each object was made and taken down, by its identity: an object made twice shows, also under one name. */
export type Counts = Readonly<Record<string, { created: number; deleted: number }>>;

/** Watches objects come and go, beside the operator and independent of it. */
export interface Ledger {
  /** Resolves when everything that there is now has been seen; watches that broke take a while. */
  caughtUp(): Promise<void>;
  /** What came and went about this subject since it was first heard of. */
  counts(subject: Subject): Counts;
  stop(): Promise<void>;
}

/** A Deployment that is rolled once too often shows as a ReplicaSet too many. */
const replicaSet = kind("apps/v1", "ReplicaSet", "replicasets", true);

const counted: readonly Kind[] = [
  ...[kinds.tenant, kinds.retainedVault, kinds.namespace, kinds.resourceQuota, kinds.limitRange, kinds.networkPolicy],
  ...[kinds.serviceAccount, kinds.secret, kinds.service, kinds.podDisruptionBudget, kinds.deployment, replicaSet],
  kinds.job,
];

interface Entry {
  readonly kind: string;
  /** Namespace, name and labels: whatever says whose it is. */
  readonly about: string;
  readonly name: string;
  deleted: boolean;
}

/** What Kubernetes itself puts into every namespace. */
const notOurs = (object: KubeObject, { kind: what }: Kind): boolean =>
  what === "ServiceAccount" && object.metadata?.name === "default";

export const startLedger = async (kube: Kube): Promise<Ledger> => {
  const entries = new Map<string, Entry>();
  const reflectors = counted.map((of): Reflector<Omit<Entry, "deleted">> => {
    const reflector = createReflector({
      kube,
      kind: of,
      name: of.plural,
      project: (object: KubeObject) => {
        if (notOurs(object, of)) return undefined;
        const { name = "", namespace = "", labels = {} } = object.metadata ?? {};
        const about = [namespace, name, ...Object.values(labels)].join(" ");
        return { kind: of.kind, about, name: of === replicaSet ? "" : name };
      },
    });
    reflector.subscribe((change) => {
      if (change.type === "added" && !entries.has(change.uid))
        entries.set(change.uid, { ...change.now, deleted: false });
      const entry = entries.get(change.uid);
      if (change.type === "deleted" && entry) entry.deleted = true;
    });
    reflector.start();
    return reflector;
  });
  await Promise.all(reflectors.map((reflector) => reflector.whenSynced()));
  const allSeen = async (): Promise<boolean> => {
    const lists = await Promise.all(
      counted.map(async (of) => (await kube.list(of)).filter((object) => !notOurs(object, of))),
    );
    const there = new Set(lists.flat().map(({ metadata }) => metadata?.uid ?? ""));
    const gone = [...entries].every(([uid, { deleted }]) => deleted || there.has(uid));
    return gone && [...there].every((uid) => entries.has(uid));
  };
  return {
    caughtUp: async () => {
      const end = performance.now() + 60_000;
      while (!(await allSeen()) && performance.now() < end) await sleep(100);
    },
    counts: (subject) => {
      const counts: Record<string, { created: number; deleted: number }> = {};
      for (const entry of entries.values()) {
        if (!concerns(subject, entry.about)) continue;
        const key = `${entry.kind} ${masked(subject, entry.name)}`.trim();
        const count = (counts[key] ??= { created: 0, deleted: 0 });
        count.created += 1;
        if (entry.deleted) count.deleted += 1;
      }
      return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));
    },
    stop: async () => {
      await Promise.all(reflectors.map((reflector) => reflector.stop()));
    },
  };
};
