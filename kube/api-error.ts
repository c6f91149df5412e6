import {
  AlreadyExistsError,
  ConflictError,
  type CallContext,
  ForbiddenError,
  GoneError,
  InvalidError,
  KubeError,
  NotFoundError,
  ServerError,
  TooManyRequestsError,
  UnauthorizedError,
} from "./errors.ts";

/** metav1.Status, as far as it is looked at. */
interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

/** 'conflict with "kubectl" using apps/v1' or 'conflict with "kubectl-edit" with subresource "status" …'. */
const MANAGER = /conflict with "([^"]+)"/;

const conflictOf = (call: CallContext, status: Status, message: string): KubeError => {
  if (status.reason === "AlreadyExists") return new AlreadyExistsError(call, message);
  const causes = (status.details?.causes ?? []).filter((cause) => cause.reason === "FieldManagerConflict");
  const managers = new Set(causes.map((cause) => MANAGER.exec(cause.message ?? "")?.[1] ?? "unknown"));
  return new ConflictError(
    call,
    message,
    [...managers],
    causes.map((cause) => cause.field ?? ""),
  );
};

const invalidOf = (call: CallContext, code: number, status: Status, message: string): KubeError => {
  const causes = (status.details?.causes ?? []).map((cause) => ({
    field: cause.field ?? "",
    reason: cause.reason ?? "",
    message: cause.message ?? "",
  }));
  // Another uid in an apply or update body is a failed precondition; the server calls it an immutable field.
  if (causes.some((cause) => cause.field === "metadata.uid")) return new ConflictError(call, message);
  return new InvalidError(call, code, message, causes);
};

/** Milliseconds in a Retry-After header given in seconds; undefined for anything else. */
export const retryAfterMs = (header: string | undefined): number | undefined => {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
};

/** The typed error for an answer of the API server; `body` is what it sent, a Status or plain text. */
export const apiError = (call: CallContext, code: number, body: unknown, retryAfter?: string): KubeError => {
  const status: Status = typeof body === "object" && body !== null ? body : {};
  const message = status.message ?? (typeof body === "string" && body.trim() ? body.trim() : `HTTP ${code}`);
  const waitMs = retryAfterMs(retryAfter) ?? retryAfterMs(status.details?.retryAfterSeconds?.toString());
  switch (code) {
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
      return invalidOf(call, code, status, message);
    case 401:
      return new UnauthorizedError(call, message);
    case 403:
      return new ForbiddenError(call, message);
    case 404:
      // A missing object has its name in the details; an unknown path is answered without them.
      return new NotFoundError(call, message, !status.details?.name);
    case 409:
      return conflictOf(call, status, message);
    case 410:
      return new GoneError(call, message);
    case 429:
      return new TooManyRequestsError(call, message, waitMs ?? 1000);
    default:
      return code >= 500
        ? new ServerError(call, code, message, waitMs)
        : new KubeError(call, code, status.reason ?? "Unknown", message);
  }
};
