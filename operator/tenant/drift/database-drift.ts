import { vaultDatabaseName, vaultLoginName } from "../../database/names.ts";
import type { LoginFacts, LoginSlot, VaultDatabaseFacts, VaultDatabaseSpec } from "../../database/tenant-database.ts";
import { accessRole, slots, vaultSettings, wantedGrants } from "../../database/vault-plan.ts";
import type { Drift } from "./drift-ledger.ts";
import type { DriftWatch } from "./drift-watch.ts";

/** One thing that was found; `sure`: no wish of ours could ever have been so. */
type Finding = { what: string; sure: boolean };

const sure = (what: string): Finding => ({ what, sure: true });
const unsure = (what: string): Finding => ({ what, sure: false });

/** "role:PRIVILEGE" as people say it. */
const granted = (grant: string): string => {
  const at = grant.lastIndexOf(":");
  return `${grant.slice(0, at)} was granted ${grant.slice(at + 1).replace("*", " with the right to hand it on")}`;
};

const taken = (grant: string): string => {
  const at = grant.lastIndexOf(":");
  return `${grant.slice(at + 1)} was taken from ${grant.slice(0, at)}`;
};

const oddDatabase: Record<string, string> = {
  OWNER: "it was given to somebody else",
  COMMENT: "its mark was taken away",
  "CONNECTION LIMIT": "its connections were limited",
  IS_TEMPLATE: "it was made a template",
};

const findInDatabase = (spec: VaultDatabaseSpec, facts: VaultDatabaseFacts): Finding[] => {
  const { database, roles } = facts;
  if (!database) return [];
  const gone = slots.filter((slot) => !roles[slot]).map((slot) => `${vaultLoginName(spec.vaultId, slot)}:CONNECT`);
  const wanted = wantedGrants(spec.vaultId, spec.template);
  const extra = database.grants.filter((grant) => !wanted.includes(grant));
  const missing = wanted.filter((grant) => !database.grants.includes(grant) && !gone.includes(grant));
  const settings = new Set<string>(vaultSettings);
  const others = [
    ...database.settings.filter((one) => !settings.has(one)),
    ...vaultSettings.filter((one) => !database.settings.includes(one)),
  ].map((one) => one.split("=")[0] ?? "");
  return [
    ...(database.allowConnections ? [] : [unsure("it was closed to connections")]),
    ...database.oddAttributes.map((attribute) => sure(oddDatabase[attribute] ?? `it was given ${attribute}`)),
    ...database.publicPrivileges.map((privilege) => sure(`PUBLIC was granted ${privilege}`)),
    ...extra.map((grant) => sure(granted(grant))),
    ...missing.map((grant) => unsure(taken(grant))),
    ...(others.length > 0 ? [sure(`the setting ${[...new Set(others)].join(", ")} was changed`)] : []),
  ];
};

const findInLogin = (spec: VaultDatabaseSpec, slot: LoginSlot, role: LoginFacts): Finding[] => {
  const active = slot === spec.activeLogin;
  const group = accessRole(spec);
  const family = `${spec.template.replaceAll(/[^a-z0-9]/g, "_")}_`;
  const strangers = role.memberOf.filter((one) => one !== group);
  const wrongLogin = active ? !role.canLogin : role.canLogin && !spec.keepOtherLogin;
  return [
    ...role.oddAttributes.map((attribute) =>
      sure(attribute === "COMMENT" ? "its mark was taken away" : `it was given ${attribute}`),
    ),
    ...strangers.map((one) => ({ what: `it was made a member of ${one}`, sure: !one.startsWith(family) })),
    ...(role.memberOf.includes(group) ? [] : [unsure(`it was taken out of ${group}`)]),
    ...role.members.map((member) => sure(`it was handed to ${member}`)),
    ...(role.settings.length > 0 ? [sure("settings were bound to it")] : []),
    ...(role.connectionLimit === (spec.connectionLimit ?? -1) ? [] : [unsure("its connection limit was changed")]),
    ...(wrongLogin ? [unsure(active ? "it was closed" : "it was opened")] : []),
    ...(active && role.canLogin && role.passwordVersion !== spec.passwordVersion
      ? [unsure("its mark was changed")]
      : []),
  ];
};

/**
 * What a hand did to a vault's database and its logins, for people. Only what stands there already can drift: a
 * database that is being made, or that is lost, is none of this.
 */
export const databaseDrift = (
  spec: VaultDatabaseSpec,
  facts: VaultDatabaseFacts | null,
  suspicion: DriftWatch["suspicion"],
): Drift[] => {
  if (suspicion === "none" || !facts?.database?.finished) return [];
  const told = (findings: Finding[]): string[] =>
    findings.filter((finding) => finding.sure || suspicion === "certain").map(({ what }) => what);
  const inDatabase = told(findInDatabase(spec, facts));
  const database: Drift[] =
    inDatabase.length === 0
      ? []
      : [
          {
            kind: "Database",
            name: vaultDatabaseName(spec.vaultId),
            what: inDatabase.join(" and "),
            repair: "put back",
          },
        ];
  const logins = slots.flatMap((slot): Drift[] => {
    const name = vaultLoginName(spec.vaultId, slot);
    const role = facts.roles[slot];
    if (!role)
      return suspicion === "certain"
        ? [{ kind: "DatabaseLogin", name, what: "was deleted", repair: "made again" }]
        : [];
    const what = told(findInLogin(spec, slot, role));
    return what.length === 0 ? [] : [{ kind: "DatabaseLogin", name, what: what.join(" and "), repair: "put back" }];
  });
  return [...database, ...logins];
};
