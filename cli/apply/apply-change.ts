import type { Kind, Kube, KubeObject } from "../../kube/kube.ts";
import { conflict } from "../cli-error.ts";
import { fieldAt } from "../output/field-at.ts";
import { fieldManager } from "../names.ts";
import { type Change, removals, withChange } from "./change.ts";
import { holdersOf, ownedFields } from "./owned-fields.ts";

export type ApplyHow = {
  dryRun?: boolean | undefined;
  /** Take the fields over from whoever holds them. Only when the person says so. */
  force?: boolean | undefined;
};

/** A field that somebody else holds too stays when we let go of it: say so instead of pretending. */
const expectRemoved = (object: KubeObject, change: Change): void => {
  for (const path of removals(change)) {
    if (fieldAt(object, path.join(".")) === undefined) continue;
    const holders = holdersOf(object, path);
    // A default of the schema comes back by itself, and nobody holds it.
    if (holders.length === 0) continue;
    const managers = holders.map((manager) => `"${manager}"`).join(" and ");
    throw conflict(`${path.join(".")} of "${object.metadata?.name ?? ""}" is held by ${managers}, so it stays.`, {
      hints: ["Take it away where that manager gets it from."],
    });
  }
};

/**
 * Applies a change to an object by server-side apply as `polyphony-cli`, never forced unless asked: a field that
 * another manager holds with another value is a ConflictError. The uid goes along, so that an object made anew under
 * the same name is left alone.
 */
export const applyChange = async <T extends KubeObject>(
  kube: Kube,
  kind: Kind<T>,
  object: T,
  change: Change,
  { dryRun, force }: ApplyHow = {},
): Promise<T> => {
  const { name, uid } = object.metadata ?? {};
  const { metadata, ...rest } = withChange(ownedFields(object, fieldManager), change);
  const identity = { name, ...(uid === undefined ? {} : { uid }) };
  const wanted = { ...rest, metadata: { ...(metadata as object | undefined), ...identity } };
  const applied = await kube.apply(kind, wanted as unknown as T, { fieldManager, dryRun, force });
  expectRemoved(applied, change);
  return applied;
};
