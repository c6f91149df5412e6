/**
 * What the Kubernetes API can refuse, as types. Every message names verb, kind and object, so that it can be shown
 * in a condition as it is; `cause` keeps what came over the wire.
 */

/** The call an error belongs to. */
export interface CallContext {
  readonly verb: string;
  readonly kind: string;
  readonly name?: string | undefined;
}

const describe = (call: CallContext): string => `${call.verb} ${call.kind}${call.name ? ` ${call.name}` : ""}`;

/** Any refusal or failure of a call to the Kubernetes API. `status` is the HTTP status, 0 when there was no answer. */
export class KubeError extends Error {
  override name = "KubeError";
  readonly call: CallContext;
  readonly status: number;
  readonly reason: string;
  constructor(call: CallContext, status: number, reason: string, message: string, options?: ErrorOptions) {
    super(`${describe(call)}: ${message}`, options);
    this.call = call;
    this.status = status;
    this.reason = reason;
  }
}

/** 404: the object, or its kind (a missing CRD), does not exist. `kindMissing` tells them apart. */
export class NotFoundError extends KubeError {
  override name = "NotFoundError";
  readonly kindMissing: boolean;
  constructor(call: CallContext, message: string, kindMissing: boolean) {
    super(call, 404, kindMissing ? "KindMissing" : "NotFound", message);
    this.kindMissing = kindMissing;
  }
}

/** 409 on create: an object of this name is there already. Read it and compare its vault id before adopting it. */
export class AlreadyExistsError extends KubeError {
  override name = "AlreadyExistsError";
  constructor(call: CallContext, message: string) {
    super(call, 409, "AlreadyExists", message);
  }
}

/** 409: uid or resourceVersion did not match, or (server-side apply) other managers hold the fields. Read again. */
export class ConflictError extends KubeError {
  override name = "ConflictError";
  /** Field managers that hold what was to be applied; empty for a plain precondition failure. */
  readonly managers: readonly string[];
  readonly fields: readonly string[];
  constructor(call: CallContext, message: string, managers: readonly string[] = [], fields: readonly string[] = []) {
    super(call, 409, "Conflict", message);
    this.managers = managers;
    this.fields = fields;
  }
}

/** 401: the token or certificate is not accepted (any more). */
export class UnauthorizedError extends KubeError {
  override name = "UnauthorizedError";
  constructor(call: CallContext, message: string) {
    super(call, 401, "Unauthorized", message);
  }
}

/** 403: RBAC or an admission policy says no; `call` has the verb and the kind for the condition's message. */
export class ForbiddenError extends KubeError {
  override name = "ForbiddenError";
  constructor(call: CallContext, message: string) {
    super(call, 403, "Forbidden", message);
  }
}

/** 429: come back after `retryAfterMs`. The live client has already waited and tried once more before it says so. */
export class TooManyRequestsError extends KubeError {
  override name = "TooManyRequestsError";
  readonly retryAfterMs: number;
  constructor(call: CallContext, message: string, retryAfterMs: number) {
    super(call, 429, "TooManyRequests", message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** One field the schema or a policy refused. */
export interface FieldCause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

/** 400 or 422: the object itself is wrong; trying again changes nothing. */
export class InvalidError extends KubeError {
  override name = "InvalidError";
  readonly causes: readonly FieldCause[];
  constructor(call: CallContext, status: number, message: string, causes: readonly FieldCause[] = []) {
    super(call, status, "Invalid", message);
    this.causes = causes;
  }
}

/** 410: the resourceVersion or the continue token is too old; list again. */
export class GoneError extends KubeError {
  override name = "GoneError";
  constructor(call: CallContext, message: string) {
    super(call, 410, "Gone", message);
  }
}

/** 5xx: the server is up and failed. */
export class ServerError extends KubeError {
  override name = "ServerError";
  /** Set when the answer carried Retry-After. */
  readonly retryAfterMs: number | undefined;
  constructor(call: CallContext, status: number, message: string, retryAfterMs?: number) {
    super(call, status, "ServerError", message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer: connection refused, reset, timed out, cut in mid body. Whether a write took effect is not known. */
export class UnreachableError extends KubeError {
  override name = "UnreachableError";
  constructor(call: CallContext, message: string, options?: ErrorOptions) {
    super(call, 0, "Unreachable", message, options);
  }
}

/** The caller's signal ended the call. */
export class AbortedError extends KubeError {
  override name = "AbortedError";
  constructor(call: CallContext) {
    super(call, 0, "Aborted", "ended by the caller");
  }
}

export const isNotFound = (error: unknown): error is NotFoundError => error instanceof NotFoundError;
export const isAlreadyExists = (error: unknown): error is AlreadyExistsError => error instanceof AlreadyExistsError;
export const isConflict = (error: unknown): error is ConflictError => error instanceof ConflictError;
export const isGone = (error: unknown): error is GoneError => error instanceof GoneError;

/** `undefined` instead of a NotFoundError; every other error goes on. For `kube.delete(…).catch(ignoreNotFound)`. */
export const ignoreNotFound = (error: unknown): undefined => {
  if (isNotFound(error)) return undefined;
  throw error;
};
