import { ConflictError } from "./errors.ts";
import { leavesOf, mergeApplied, pathText } from "./fake-fields.ts";
import { checkPreconditions, type Entry, type Owners } from "./fake-store.ts";
import { commit, limited, preserved, required, withStatusOf, type World } from "./fake-world.ts";
import { type ApplyOptions, type Kind, type Kube, type KubeObject, refOf } from "./kube.ts";
import { withType } from "./resource-path.ts";

/** Paths that other managers hold with another value, by manager. */
const conflicts = (before: Entry, applied: ReadonlyMap<string, string>, owner: string): [string, string][] => {
  const live = leavesOf(before.object);
  return [...before.owners]
    .filter(([name]) => name !== owner)
    .flatMap(([name, paths]) =>
      [...applied]
        .filter(([path, value]) => paths.has(path) && live.get(path) !== value)
        .map(([path]): [string, string] => [name.split("|")[0] ?? "", pathText(path)]),
    );
};

/** Who owns what after an apply; forced fields leave their former owners. */
const ownersAfterApply = (
  before: Entry | undefined,
  applied: ReadonlyMap<string, string>,
  owner: string,
  force: boolean,
): Owners => {
  const live = before ? leavesOf(before.object) : new Map<string, string>();
  const owners = new Map<string, ReadonlySet<string>>();
  for (const [name, paths] of before?.owners ?? []) {
    const left = [...paths].filter((path) => !force || !applied.has(path) || live.get(path) === applied.get(path));
    if (name !== owner && left.length > 0) owners.set(name, new Set(left));
  }
  return owners.set(owner, new Set(applied.keys()));
};

/** Server-side apply of the object or of its status. */
export const createApply =
  (world: World, subresource?: "status"): Kube["apply"] =>
  async <T extends KubeObject>(kind: Kind<T>, object: T, how: ApplyOptions = {}): Promise<T> => {
    const ref = refOf(object);
    const call = { verb: "apply", kind: kind.kind, name: ref.name, ref, subresource, body: object };
    await world.call(call);
    const before = subresource ? required(world, call, kind, ref) : world.store.get(kind, ref);
    if (!before) world.store.admit(call, kind, ref);
    checkPreconditions(call, before?.object, object.metadata ?? {});
    const config = subresource
      ? withStatusOf({ apiVersion: "", kind: "", metadata: {} } as T, object)
      : limited(kind, undefined, object);
    const owner = `${how.fieldManager ?? world.fieldManager}|Apply|${subresource ?? ""}`;
    const applied = leavesOf(config);
    const held = before ? conflicts(before, applied, owner) : [];
    if (held.length > 0 && !how.force) {
      const managers = [...new Set(held.map(([manager]) => manager))];
      const fields = held.map(([, path]) => path);
      const names = managers.map((manager) => `"${manager}"`).join(", ");
      throw new ConflictError(
        call,
        `Apply failed with ${held.length} conflict: conflicts with ${names}: ${fields.join(", ")}`,
        managers,
        fields,
      );
    }
    const owners = ownersAfterApply(before, applied, owner, how.force ?? false);
    const others = new Set([...owners].filter(([name]) => name !== owner).flatMap(([, paths]) => [...paths]));
    const removed = [...(before?.owners.get(owner) ?? [])].filter((path) => !applied.has(path) && !others.has(path));
    const merged = mergeApplied(before?.object ?? {}, subresource ? withStatusOf({}, config) : config, removed) as T;
    const next = limited(
      kind,
      before,
      before ? preserved(before, withType(kind, merged)) : withType(kind, merged),
      subresource,
    );
    return commit(world, kind, before, { object: next, owners }, how);
  };
