import type { Condition, DatabaseServer } from "../../crds/index.ts";
import { kinds } from "../../kube/kinds.ts";
import { labels, releases, retainedVaults, servers, templates, tenants } from "../names.ts";
import { knownReason, type Reason, reasons } from "../../crds/reasons.ts";
import { inShort } from "../explain.ts";
import { several } from "../output/several.ts";
import { broken, type Check, ok, type Verdict, warning } from "./check.ts";

const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

const fixFor = (reason: string): string => inShort(reason)?.next ?? `polyphony explain ${reason}`;

/** What comes by itself is told, and is no broken link. */
const judged = (what: string, ready: Condition | undefined, otherwise: Reason): Verdict => {
  const reason = knownReason(ready?.reason ?? otherwise);
  const say = reasons[reason].kind === "progress" ? warning : broken;
  return say(
    `${what} is not ready: ${ready?.reason ?? "not judged yet"}. ${ready?.message ?? ""}`.trim(),
    fixFor(reason),
  );
};

export const templatesReady: Check = {
  name: "templates and releases",
  look: async ({ session }) => {
    const { kube } = session.cluster();
    const [all, known] = await Promise.all([kube.list(templates), kube.list(releases)]);
    if (all.length === 0)
      return broken(
        "There is no template, so no tenant can be made.",
        "Install one: the chart's value template.enabled, or a VaultTemplate of your own.",
      );
    for (const { metadata, spec } of all) {
      for (const [channel, version] of Object.entries(spec.channels)) {
        const name = `${metadata.name}-${version}`;
        const release = known.find((one) => one.metadata.name === name);
        if (!release)
          return broken(
            `The channel ${channel} of ${metadata.name} points at ${name}, which does not exist.`,
            `Publish ${name}, or: polyphony release promote <release> --channel ${channel}`,
          );
        const ready = conditionOf(release.status?.conditions, "Ready");
        if (ready?.status !== "True") return judged(`The release ${name}`, ready, "GoldenTemplatePending");
      }
    }
    return ok(`${several(all.length, "template")}, ${several(known.length, "release")}.`);
  },
};

const judgeServer = ({ metadata, status, spec }: DatabaseServer): Verdict | undefined => {
  const ready = conditionOf(status?.conditions, "Ready");
  if (ready?.status !== "True") return judged(metadata.name, ready, "DatabaseServerConnecting");
  const full = conditionOf(status?.conditions, "CapacityAvailable");
  if (full?.status === "False")
    return warning(
      `${metadata.name} is full: ${status?.databases ?? 0} of ${spec.capacity} databases.`,
      fixFor(full.reason),
    );
  const settings = conditionOf(status?.conditions, "SettingsSafe");
  return settings?.status === "False"
    ? warning(`${metadata.name}: ${settings.message}`, fixFor(settings.reason))
    : undefined;
};

export const serversReady: Check = {
  name: "database servers",
  look: async ({ session }) => {
    const all = await session.cluster().kube.list(servers);
    if (all.length === 0)
      return broken(
        "There is no database server, so no tenant can be made.",
        "Create a DatabaseServer; the chart makes one.",
      );
    const verdicts = all.map(judgeServer).filter((verdict) => verdict !== undefined);
    return (
      verdicts.find(({ state }) => state === "broken") ??
      verdicts[0] ??
      ok(`${all.length} ${all.length === 1 ? "server answers" : "servers answer"}.`)
    );
  },
};

export const podsAccepted: Check = {
  name: "vaults' pods",
  look: async ({ session }) => {
    const all = await session.cluster().kube.list(kinds.deployment, { labelSelector: labels.tenant });
    for (const { metadata, status } of all) {
      const refused = status?.conditions?.find((one) => one.type === "ReplicaFailure" && one.status === "True");
      const slug = metadata?.labels?.[labels.tenant] ?? "";
      if (refused)
        return broken(
          `The cluster refuses pods of the tenant "${slug}": ${refused.message ?? refused.reason ?? ""}`,
          fixFor("FailedCreate"),
        );
    }
    return ok(`The pods of ${several(all.length, "vault")} are accepted.`);
  },
};

export const tenantsWell: Check = {
  name: "tenants",
  look: async ({ session }) => {
    const all = await session.cluster().kube.list(tenants);
    const failing = all.filter(({ status }) => status?.phase === "Failed");
    const [first] = failing;
    if (first) {
      const ready = conditionOf(first.status?.conditions, "Ready");
      const more = failing.length > 1 ? ` (and ${failing.length - 1} more)` : "";
      return broken(
        `${first.metadata.name} failed: ${ready?.reason ?? ""}${more}.`,
        `${session.program} doctor ${first.metadata.name}`,
      );
    }
    const held = all.filter(({ status }) => conditionOf(status?.conditions, "DeletionHeld")?.status === "True");
    if (held.length > 0)
      return warning(
        `${several(held.length, "deletion waits", "deletions wait")} for an answer.`,
        `${session.program} tenant approve-deletions`,
      );
    return ok(`${several(all.length, "tenant")}, none failed.`);
  },
};

/** What is left of vaults without a Tenant: namespaces by their label, databases by their count on each server. */
export const noOrphans: Check = {
  name: "orphans",
  look: async ({ session }) => {
    const { kube } = session.cluster();
    const [spaces, all, kept, hosts] = await Promise.all([
      kube.list(kinds.namespace, { labelSelector: `${labels.vault}=true` }),
      kube.list(tenants),
      kube.list(retainedVaults),
      kube.list(servers),
    ]);
    const living = new Set(
      all.map(({ status, metadata }) => status?.vaultId ?? metadata.annotations?.[labels.vaultId]),
    );
    const orphan = spaces.find(({ metadata }) => !living.has(metadata?.labels?.[labels.vaultId]));
    if (orphan)
      return warning(
        `The namespace ${orphan.metadata?.name ?? ""} belongs to no tenant.`,
        `If it is not wanted: kubectl delete namespace ${orphan.metadata?.name ?? ""}`,
      );
    for (const { metadata, status } of hosts) {
      const held = [
        ...all
          .filter(({ status: its }) => its?.database?.server === metadata.name)
          .map(({ status: its }) => its?.database?.name),
        ...kept
          .filter(({ spec, status: its }) => spec.databaseServer === metadata.name && its?.phase !== "Purged")
          .map(({ spec }) => spec.database),
      ];
      const known = new Set(held).size;
      const there = status?.databases ?? 0;
      if (there > known)
        return warning(
          `${metadata.name} holds ${there} vaults' databases, and only ${known} belong to tenants or retained vaults.`,
          "The server is counted now and then: look again in a minute. Then compare its databases named vault_… with: polyphony tenant ls -o wide",
        );
    }
    return ok("No namespace and no database is without a tenant.");
  },
};
