import type { Job, Pod } from "../../kube/kinds.ts";

/** URLs with a login in them never reach a status, whatever a migration prints. */
export const withoutSecrets = (text: string): string =>
  text.replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'\\]*@[^\s"'\\]*/gi, "<a connection URL>");

const said = (text: string | undefined): string | null => {
  const lines = (text ?? "").split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  return lines.length === 0 ? null : withoutSecrets(lines.slice(-4).join(" ").slice(-1500));
};

/** The `error` of a result line such as {"id":"…","ok":false,"error":"…"}, or the line as it is. */
const resultError = (text: string): string => {
  try {
    const result: unknown = JSON.parse(text.slice(text.lastIndexOf('{"id"')));
    if (typeof result === "object" && result && "error" in result && typeof result.error === "string")
      return result.error;
  } catch {
    // Not a result line: what was said is told as it stands.
  }
  return text;
};

const statuses = (pods: readonly Pod[]) =>
  [...pods]
    .sort((a, b) => (a.metadata?.creationTimestamp ?? "").localeCompare(b.metadata?.creationTimestamp ?? ""))
    .flatMap((pod) => pod.status?.containerStatuses ?? []);

/** What the last pod of a failed run said, in one line without secrets. */
export const failureOf = (job: Job, pods: readonly Pod[]): string => {
  const terminated = statuses(pods).flatMap(({ state, lastState }) => state?.terminated ?? lastState?.terminated ?? []);
  const last = terminated.filter(({ exitCode }) => exitCode !== 0).at(-1);
  const words = said(last?.message);
  if (words) return resultError(words);
  if (last) return last.reason === "OOMKilled" ? "It ran out of memory." : `It ended with exit code ${last.exitCode}.`;
  const failed = job.status?.conditions?.find(({ type, status }) => type === "Failed" && status === "True");
  return failed?.message ?? "It failed and left no word.";
};

/** Why a run does not get going, such as an image that is missing; null while all is well. */
export const holdUpOf = (pods: readonly Pod[]): string | null => {
  const waiting = statuses(pods)
    .flatMap(({ state }) => state?.waiting ?? [])
    .at(-1);
  if (!waiting?.reason || ["ContainerCreating", "PodInitializing"].includes(waiting.reason)) return null;
  if (/^(ErrImage|ImagePull|InvalidImage|ErrImageNeverPull)/.test(waiting.reason))
    return "The release's image cannot be pulled: check the digest and the registry.";
  return `The migration's pod does not start (${waiting.reason}).`;
};
