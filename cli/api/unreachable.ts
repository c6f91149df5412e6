import { type CliError, failed } from "../cli-error.ts";

/** What lies at the bottom of an error: "fetch failed" and the like help nobody. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return error.message || ((error as NodeJS.ErrnoException).code ?? "");
};

/** What the network said, for a person. */
export const unreachable = (address: string, error: unknown): CliError =>
  failed(`The control API at ${address} does not answer.`, {
    hints: [reasonOf(error), "Check the network and the address."].filter((line) => line !== ""),
    next: "context ls",
    cause: error,
  });
