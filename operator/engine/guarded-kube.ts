import type { Kube } from "../../kube/kube.ts";
import { LeadershipLostError } from "./leader.ts";

/**
 * A Kube whose writes are refused the moment the process no longer leads for sure: a process that was stopped and
 * wakes in the middle of a reconcile writes nothing more. Reads go on. (Writes already sent are held by their
 * preconditions.)
 */
export const guardedKube = (kube: Kube, holds: () => boolean): Kube => {
  const leading = <R>(write: () => Promise<R>): Promise<R> =>
    holds() ? write() : Promise.reject(new LeadershipLostError("this operator leads no more: nothing was written"));
  return {
    get: (kind, ref, how) => kube.get(kind, ref, how),
    find: (kind, ref, how) => kube.find(kind, ref, how),
    list: (kind, how) => kube.list(kind, how),
    listPage: (kind, how) => kube.listPage(kind, how),
    watch: (kind, how) => kube.watch(kind, how),
    apply: (kind, object, how) => leading(() => kube.apply(kind, object, how)),
    applyStatus: (kind, object, how) => leading(() => kube.applyStatus(kind, object, how)),
    patch: (kind, ref, body, how) => leading(() => kube.patch(kind, ref, body, how)),
    patchStatus: (kind, ref, body, how) => leading(() => kube.patchStatus(kind, ref, body, how)),
    create: (kind, object, how) => leading(() => kube.create(kind, object, how)),
    replace: (kind, object, how) => leading(() => kube.replace(kind, object, how)),
    delete: (kind, ref, how) => leading(() => kube.delete(kind, ref, how)),
  };
};
