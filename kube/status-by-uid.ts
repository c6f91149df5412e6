import { ConflictError, isConflict } from "./errors.ts";
import { type Kind, type Kube, type KubeObject, refOf } from "./kube.ts";

/** So often a status is written anew that met somebody else's write of the same object. */
const tries = 4;

/**
 * `applyStatus` in which `metadata.uid` is a precondition, as it is everywhere else: for a custom resource the API server
 * takes all metadata but the version from the object that is stored, and would give an object's status to another
 * that was made under the same name. So the version of the object with this uid is sent along.
 */
export const statusByUid =
  ({ get, applyStatus }: Pick<Kube, "get" | "applyStatus">): Kube["applyStatus"] =>
  async <T extends KubeObject>(kind: Kind<T>, object: T, how = {}): Promise<T> => {
    const { metadata } = object;
    if (!metadata?.uid || metadata.resourceVersion) return applyStatus(kind, object, how);
    for (let left = tries; ; left -= 1) {
      const stored = await get(kind, refOf(object), how);
      const { uid, resourceVersion } = stored.metadata ?? {};
      if (uid !== metadata.uid) {
        const call = { verb: "apply", kind: kind.kind, name: metadata.name };
        throw new ConflictError(call, `the status is of the object with the uid ${metadata.uid}; this is another`);
      }
      try {
        return await applyStatus(kind, { ...object, metadata: { ...metadata, resourceVersion } }, how);
      } catch (error) {
        if (left === 1 || !isConflict(error) || error.managers.length > 0) throw error;
      }
    }
  };
