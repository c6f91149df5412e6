import type { Clock } from "../../kube/clock.ts";
import { kinds } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Admitted } from "./deletion-breaker.ts";

/** The deletions that were let through without asking, in a ConfigMap: the count outlives operators and Tenants. */
export interface DeletionBook {
  /**
   * True when this deletion is in the book, or when `judge` lets it through and it could be written down. Two decisions
   * never count past each other: the write is refused (ConflictError) when the book has changed since it was read.
   */
  admit(
    deletion: { uid: string; slug: string },
    judge: (admitted: readonly Admitted[]) => boolean,
    outdated: (one: Admitted) => boolean,
  ): Promise<boolean>;
}

export type DeletionBookOptions = { kube: Kube; clock: Clock; namespace: string; name: string };

const entriesOf = (data: Readonly<Record<string, string>>): Admitted[] =>
  Object.entries(data).flatMap(([uid, line]) => {
    const [time = "", slug = ""] = line.split(" ");
    const at = new Date(time);
    // Somebody else's line counts as none.
    return Number.isNaN(at.getTime()) ? [] : [{ uid, slug, at }];
  });

/** See DeletionBook. The ConfigMap is made with its first line. */
export const createDeletionBook = ({ kube, clock, namespace, name }: DeletionBookOptions): DeletionBook => ({
  async admit({ uid, slug }, judge, outdated) {
    const found = await kube.find(kinds.configMap, { namespace, name });
    const admitted = entriesOf(found?.data ?? {});
    if (admitted.some((one) => one.uid === uid)) return true;
    if (!judge(admitted)) return false;
    const line = `${clock.now().toISOString()} ${slug}`;
    if (!found) {
      await kube.create(kinds.configMap, { metadata: { namespace, name }, data: { [uid]: line } });
      return true;
    }
    const gone = admitted.filter(outdated).map((one) => [one.uid, null] as const);
    await kube.patch(
      kinds.configMap,
      { namespace, name },
      {
        metadata: { resourceVersion: found.metadata?.resourceVersion },
        data: { ...Object.fromEntries(gone), [uid]: line },
      },
    );
    return true;
  },
});
