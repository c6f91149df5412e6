import type { HttpCall } from "./http-transport.ts";
import { type ApplyOptions, type Kind, type Kube, type KubeObject, refOf, type WriteOptions } from "./kube.ts";
import { resourcePath, type Target, withType } from "./resource-path.ts";

/** Sends one request and gives its JSON answer; throws KubeError. */
export type Send = (call: HttpCall) => Promise<unknown>;

interface Write {
  readonly verb: string;
  readonly method: "POST" | "PUT" | "PATCH";
  readonly contentType?: string;
  readonly body: unknown;
  readonly target: Target;
  readonly options: ApplyOptions;
}

const APPLY = "application/apply-patch+yaml";
const MERGE = "application/merge-patch+json";

/** Every write but deletion, under one field manager. */
export const createWrites = (
  send: Send,
  fieldManager: string,
): Pick<Kube, "apply" | "applyStatus" | "patch" | "patchStatus" | "create" | "replace"> => {
  const write = async <T extends KubeObject>(kind: Kind<T>, of: Write): Promise<T> => {
    const { target, options: how } = of;
    const path = resourcePath(kind, target, {
      fieldManager: how.fieldManager ?? fieldManager,
      dryRun: how.dryRun ? "All" : undefined,
      force: how.force,
    });
    const name = target.name ?? (of.body as KubeObject).metadata?.name;
    const context = { verb: of.verb, kind: kind.kind, name: name ?? "" };
    return (await send({
      context,
      path,
      method: of.method,
      body: of.body,
      contentType: of.contentType,
      signal: how.signal,
    })) as T;
  };

  const applied = <T extends KubeObject>(
    kind: Kind<T>,
    object: T,
    how: ApplyOptions = {},
    subresource?: "status",
  ): Promise<T> =>
    write(kind, {
      verb: "apply",
      method: "PATCH",
      contentType: APPLY,
      body: withType(kind, object),
      target: { ...refOf(object), subresource },
      options: how,
    });

  const patched = <T extends KubeObject>(
    kind: Kind<T>,
    target: Target,
    body: unknown,
    how: WriteOptions = {},
  ): Promise<T> => write(kind, { verb: "patch", method: "PATCH", contentType: MERGE, body, target, options: how });

  return {
    apply: (kind, object, how) => applied(kind, object, how),
    applyStatus: (kind, object, how) => applied(kind, object, how, "status"),
    patch: (kind, ref, body, how) => patched(kind, ref, body, how),
    patchStatus: (kind, ref, body, how) => patched(kind, { ...ref, subresource: "status" }, body, how),
    create: (kind, object, how = {}) =>
      write(kind, {
        verb: "create",
        method: "POST",
        body: withType(kind, object),
        target: { namespace: object.metadata?.namespace },
        options: how,
      }),
    replace: (kind, object, how = {}) =>
      write(kind, { verb: "update", method: "PUT", body: withType(kind, object), target: refOf(object), options: how }),
  };
};

export const createDelete =
  (send: Send): Kube["delete"] =>
  async (kind, ref, how = {}) => {
    const preconditions = { uid: how.uid, resourceVersion: how.resourceVersion };
    await send({
      context: { verb: "delete", kind: kind.kind, name: ref.name },
      method: "DELETE",
      path: resourcePath(kind, ref),
      // The server reads the options from the body alone when there is one; in the query they would mean nothing.
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions,
        propagationPolicy: how.propagation ?? "Background",
        ...(how.dryRun ? { dryRun: ["All"] } : {}),
        gracePeriodSeconds: how.gracePeriodSeconds,
      },
      signal: how.signal,
    });
  };
