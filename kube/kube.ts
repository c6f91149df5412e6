/**
 * The Kubernetes API as the operator and the gateway use it. `live-kube.ts` speaks to a server, `fake-kube.ts` keeps
 * everything in memory; one contract suite (test/contract/kube-contract.ts) runs on both.
 *
 * Objects are plain JSON as the server sends it: times are strings, field names are the API's own (`from`, not `_from`).
 */

/**
 * A type of @kubernetes/client-node as plain JSON: Date becomes string, and the generator's escaped names (`_from`,
 * `_continue`, `_default`) become the API's names.
 */
export type Json<T> = 0 extends 1 & T
  ? unknown
  : T extends Date
    ? string
    : T extends readonly (infer U)[]
      ? Json<U>[]
      : T extends object
        ? { [K in keyof T as K extends `_${infer Name}` ? Name : K]: Json<T[K]> }
        : T;

/** metadata, as far as this code base looks at it. Extra fields of the server are kept, just not typed. */
export interface ObjectMeta {
  name?: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFields[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  apiVersion?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: unknown;
}

/** What every object has. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/** A resource type; `T` is the type of its objects. Made by `kind()` in kinds.ts. */
export interface Kind<T extends KubeObject = KubeObject> {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never set: carries `T` for type inference only. */
  readonly objectType?: T;
}

/** Which object: `namespace` is required for namespaced kinds and left out for cluster-scoped ones. */
export interface Ref {
  readonly name: string;
  readonly namespace?: string | undefined;
}

export interface CallOptions {
  /** Ends the call with an AbortedError. */
  readonly signal?: AbortSignal | undefined;
}

export interface Selection {
  /** Only this namespace; left out: all. */
  readonly namespace?: string | undefined;
  /** As kubectl's -l: "a=b,c!=d,e in (f,g),!h". */
  readonly labelSelector?: string | undefined;
  /** As kubectl's --field-selector: "metadata.name=x". */
  readonly fieldSelector?: string | undefined;
}

export interface PageOptions extends Selection, CallOptions {
  /** Objects per page. */
  readonly limit?: number | undefined;
  /** Token of the page before. */
  readonly continue?: string | undefined;
  /** "0": anything the server has cached; left out: the newest, from a quorum. */
  readonly resourceVersion?: string | undefined;
}

export interface Page<T> {
  readonly items: T[];
  readonly resourceVersion: string;
  /** Set when there is more. */
  readonly continue?: string | undefined;
}

export interface ListOptions extends Selection, CallOptions {
  /** Objects per request; 500 by default. */
  readonly pageSize?: number | undefined;
}

export interface WriteOptions extends CallOptions {
  /** Validated and defaulted by the server, but not stored. */
  readonly dryRun?: boolean | undefined;
  /** Instead of the client's own. */
  readonly fieldManager?: string | undefined;
}

export interface ApplyOptions extends WriteOptions {
  /** Take fields over from other managers; default false. Only for objects that are ours alone. */
  readonly force?: boolean | undefined;
}

export interface DeleteOptions extends CallOptions {
  /** Delete only the object with this uid: else ConflictError. */
  readonly uid?: string | undefined;
  /** Delete only this version: else ConflictError. */
  readonly resourceVersion?: string | undefined;
  readonly propagation?: "Background" | "Foreground" | "Orphan" | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly dryRun?: boolean | undefined;
}

export interface WatchOptions extends Selection, CallOptions {
  /** Changes after this version. */
  readonly resourceVersion: string;
  /** The server ends the watch by itself after this time. */
  readonly timeoutSeconds?: number | undefined;
  /** The server accepted the watch: the first sign of life, before any event. */
  readonly onOpen?: (() => void) | undefined;
}

/** BOOKMARK carries an object with nothing but a resourceVersion. An ERROR event is thrown as its KubeError. */
export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: T;
}

/** A JSON merge patch (RFC 7386): null removes a field. `metadata.resourceVersion` or `uid` in it is a precondition. */
export type MergePatch = Readonly<Record<string, unknown>>;

/** All methods throw the errors of errors.ts. */
export interface Kube {
  /** The object, read from a quorum; NotFoundError if there is none. */
  get<T extends KubeObject>(kind: Kind<T>, ref: Ref, options?: CallOptions): Promise<T>;
  /** The object, or undefined if there is none. A missing kind (CRD) is still an error. */
  find<T extends KubeObject>(kind: Kind<T>, ref: Ref, options?: CallOptions): Promise<T | undefined>;
  /** All objects selected, page after page. */
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<T[]>;
  /** One page; GoneError when the continue token has expired. */
  listPage<T extends KubeObject>(kind: Kind<T>, options?: PageOptions): Promise<Page<T>>;
  /** Changes from a version on, until the server ends the watch (returns) or something breaks (throws). */
  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /**
   * Server-side apply: creates the object or takes over exactly the fields given. `metadata.uid` and
   * `metadata.resourceVersion` in the object are preconditions. ConflictError names other managers unless `force`.
   */
  apply<T extends KubeObject>(kind: Kind<T>, object: T, options?: ApplyOptions): Promise<T>;
  /** Server-side apply of the status subresource. */
  applyStatus<T extends KubeObject>(kind: Kind<T>, object: T, options?: ApplyOptions): Promise<T>;
  /** Merge patch of the object. */
  patch<T extends KubeObject>(kind: Kind<T>, ref: Ref, patch: MergePatch, options?: WriteOptions): Promise<T>;
  /** Merge patch of the status subresource; the patch has the form `{ status: … }`. */
  patchStatus<T extends KubeObject>(kind: Kind<T>, ref: Ref, patch: MergePatch, options?: WriteOptions): Promise<T>;
  /** AlreadyExistsError when the name is taken. */
  create<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Replaces the whole object; with `metadata.resourceVersion` only that version, else ConflictError. */
  replace<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Asks for deletion; finalizers may keep the object for a while. NotFoundError when it is gone already. */
  delete(kind: Kind, ref: Ref, options?: DeleteOptions): Promise<void>;
}

/** What pods said. Apart from `Kube`, as it needs a kubelet and is text. Throws the errors of errors.ts. */
export interface PodLogs {
  /** All that the pod's only container has written so far, at most `limitBytes`. */
  podLog(ref: Ref, options?: CallOptions & { readonly limitBytes?: number }): Promise<string>;
}

/** "ns/name", or "name" for a cluster-scoped object: the key of caches and queues. */
export const keyOf = (object: KubeObject): string => refKey(refOf(object));

// join, and not a template: V8 would keep the parts of a template beside the whole, in each of thousands of keys.
export const refKey = (ref: Ref): string => (ref.namespace ? [ref.namespace, ref.name].join("/") : ref.name);

/** Name and namespace of an object that has them. */
export const refOf = (object: KubeObject): Ref => ({
  name: object.metadata?.name ?? "",
  namespace: object.metadata?.namespace,
});

export const apiVersionOf = (kind: Kind): string => (kind.group ? `${kind.group}/${kind.version}` : kind.version);
