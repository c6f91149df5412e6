import {
  AlreadyExistsError,
  ConflictError,
  type FieldCause,
  ForbiddenError,
  InvalidError,
  KubeError,
  NotFoundError,
  UnauthorizedError,
  UnreachableError,
} from "../kube/errors.ts";
import { CliError, conflict, failed, noAccess, notFound } from "./cli-error.ts";

/** What the API server puts around an admission policy's own words. */
const policyRefusal = /ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request: (.*)$/s;

const ownName: Readonly<Record<string, string>> = {
  Tenant: "tenant",
  VaultRelease: "release",
  VaultTemplate: "template",
  DatabaseServer: "server",
  RetainedVault: "retained vault",
};

const called = ({ call }: KubeError): string =>
  `${ownName[call.kind] ?? call.kind}${call.name ? ` "${call.name}"` : ""}`;

const listing: Readonly<Record<string, string>> = {
  Tenant: "tenant ls",
  VaultRelease: "release ls",
  DatabaseServer: "server ls",
  RetainedVault: "retained ls",
};

const missing = (error: NotFoundError): CliError => {
  const next = listing[error.call.kind];
  if (!error.kindMissing) return notFound(`There is no ${called(error)}.`, { cause: error, ...(next ? { next } : {}) });
  return notFound(`This cluster does not know the kind ${error.call.kind}: Polyphony is not installed in it.`, {
    hints: ["Install the chart, or choose another cluster with --context or --kubeconfig."],
    next: "doctor",
    cause: error,
  });
};

const held = (error: ConflictError): CliError => {
  if (error.managers.length === 0)
    return conflict(`The ${called(error)} was changed by somebody else at the same moment.`, {
      hints: ["Nothing was written. Run the command again."],
      cause: error,
    });
  const fields = error.fields.map((field) => field.replace(/^\./, "")).join(", ");
  const managers = error.managers.map((manager) => `"${manager}"`).join(" and ");
  const advice = `Change it where ${error.managers.length === 1 ? "that manager" : "those managers"} gets it from; nothing was written. Who holds what: kubectl get ${error.call.kind.toLowerCase()} ${error.call.name ?? ""} -o yaml --show-managed-fields`;
  return conflict(`${fields} of the ${called(error)} is held by ${managers}.`, { hints: [advice], cause: error });
};

const refused = (error: ForbiddenError): CliError => {
  const words = policyRefusal.exec(error.message)?.[1];
  if (words !== undefined) return failed(`Refused: ${words}`, { cause: error });
  return noAccess(`You may not ${error.call.verb} ${called(error)} in this cluster.`, {
    hints: [error.message, "Ask who administers the cluster for a role that may, or choose another --context."],
    cause: error,
  });
};

/** The field and the rule's own words; the server repeats the value, and says `<nil>` for a rule over the whole object. */
const causeOf = ({ field, message }: FieldCause): string => {
  const words = message.replace(/^Invalid value: ("(?:[^"\\]|\\.)*"|[^:" ]+): /, "").replace(/^Invalid value: /, "");
  return field === "" || field === "<nil>" || words.startsWith(field) ? words : `${field}: ${words}`;
};

const invalid = (error: InvalidError): CliError => {
  const causes = error.causes.map(causeOf);
  return failed(`The ${called(error)} is not valid; nothing was written.`, {
    hints: causes.length > 0 ? causes : [policyRefusal.exec(error.message)?.[1] ?? error.message],
    cause: error,
  });
};

/** Any error as the person is to read it. An error that nobody foresaw keeps its own message. */
export const failureOf = (error: unknown): CliError => {
  if (error instanceof CliError) return error;
  if (error instanceof NotFoundError) return missing(error);
  if (error instanceof AlreadyExistsError)
    return conflict(`The ${called(error)} exists already.`, {
      cause: error,
      next: listing[error.call.kind] ?? "doctor",
    });
  if (error instanceof ConflictError) return held(error);
  if (error instanceof ForbiddenError) return refused(error);
  if (error instanceof UnauthorizedError)
    return noAccess("The cluster does not accept your credentials.", {
      hints: ["Log in again, or choose another --context."],
      cause: error,
    });
  if (error instanceof InvalidError) return invalid(error);
  if (error instanceof UnreachableError)
    return failed("The cluster does not answer.", {
      hints: [error.message, "Check the network and the server's address in your kubeconfig."],
      cause: error,
    });
  if (error instanceof KubeError) return failed(`The cluster could not do it: ${error.message}`, { cause: error });
  return failed(error instanceof Error ? error.message : String(error), { cause: error });
};
