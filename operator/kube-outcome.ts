import {
  ConflictError,
  ForbiddenError,
  InvalidError,
  TooManyRequestsError,
  UnauthorizedError,
  UnreachableError,
} from "../kube/errors.ts";
import { type Outcome, RetryableError, toOutcome, WaitingError } from "./outcome.ts";

/** Gives errors of the Kubernetes API the reason they have in conditions; others pass as they are. */
const named = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { message } = error;
  if (error instanceof ConflictError)
    return new WaitingError("WriteConflict", "Somebody else wrote the same object; it is read and tried again.", 200, {
      cause: error,
    });
  if (error instanceof TooManyRequestsError)
    return new WaitingError("KubernetesBusy", "The Kubernetes API asks for patience.", error.retryAfterMs, {
      cause: error,
    });
  if (error instanceof ForbiddenError) return new RetryableError("KubernetesForbidden", message, { cause: error });
  if (error instanceof UnauthorizedError)
    return new RetryableError("KubernetesUnauthorized", message, { cause: error });
  if (error instanceof InvalidError) return new RetryableError("KubernetesRefused", message, { cause: error });
  if (error instanceof UnreachableError)
    return new RetryableError("KubernetesUnreachable", "The Kubernetes API cannot be reached; it is tried again.", {
      cause: error,
    });
  return error;
};

/** Translates whatever a reconcile threw into what happens next. */
export const outcomeOf = (error: unknown): Outcome => toOutcome(named(error));
