import { DatabaseStalledError, ForeignObjectError } from "./errors.ts";
import { templateRoles, vaultDatabaseName, vaultLoginName } from "./names.ts";
import type { LoginSlot, LoginFacts, VaultDatabaseFacts, VaultDatabaseSpec } from "./tenant-database.ts";

/** What is to be done to a vault's database, in order. Each is one transaction, or one statement that cannot be in one. */
export type VaultEffect =
  | { name: "DropUnfinishedDatabase" }
  /** Makes the roles that are missing; before a database is made, the intent is written down with them. */
  | { name: "CreateRoles"; slots: LoginSlot[]; intent: boolean }
  | { name: "CreateDatabase" }
  | { name: "OpenDatabase" }
  | { name: "RepairDatabase"; strangers: string[] }
  | { name: "RepairRoles"; slots: LoginSlot[] }
  | { name: "SwitchAccess"; slots: LoginSlot[] }
  | { name: "SetPassword"; slot: LoginSlot }
  | { name: "CloseOtherLogin"; slot: LoginSlot }
  | { name: "EndSessions"; slots: LoginSlot[] }
  | { name: "CloseDatabase" }
  | { name: "DropDatabase" }
  | { name: "DropRoles" };

export const slots = ["a", "b"] as const satisfies readonly LoginSlot[];

export const otherSlot = (slot: LoginSlot): LoginSlot => (slot === "a" ? "b" : "a");

/** search_path of every session on a vault's database: its own schema, and nothing named after a user. */
export const vaultSettings = ["search_path=public"];

/** Everything that other roles may do on a vault's database; data rights are inside it, copied from the template. */
export const wantedGrants = (vaultId: string, template: string): string[] => {
  const { owner, migrator } = templateRoles(template);
  const connect = [vaultLoginName(vaultId, "a"), vaultLoginName(vaultId, "b"), migrator];
  return [...connect.map((role) => `${role}:CONNECT`), `${owner}:CREATE`, `${owner}:TEMPORARY`].sort();
};

export const accessRole = ({ template, access }: Pick<VaultDatabaseSpec, "template" | "access">): string =>
  access === "ReadOnly" ? templateRoles(template).ro : templateRoles(template).rw;

const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((item, at) => item === right[at]);

/** Never adopted, never changed: an object of our name without our mark. */
export const refuseForeign = (facts: VaultDatabaseFacts, server: string): void => {
  if (facts.database && !facts.database.ours) throw new ForeignObjectError("database", facts.database.name, server);
  for (const slot of slots) {
    const role = facts.roles[slot];
    if (role && !role.ours) throw new ForeignObjectError("role", role.name, server);
  }
};

const refuseLost = (facts: VaultDatabaseFacts, server: string): void => {
  if (!facts.lost) return;
  throw new DatabaseStalledError(
    "DatabaseLost",
    `The database "${vaultDatabaseName(facts.vaultId)}" is gone from server "${server}", though nobody asked for that. ` +
      `An empty one is not put in its place: restore it from a backup, or delete the Tenant.`,
  );
};

const planDatabase = (spec: Omit<VaultDatabaseSpec, "verifier">, facts: VaultDatabaseFacts): VaultEffect[] => {
  const missing = slots.filter((slot) => !facts.roles[slot]);
  const { database } = facts;
  const create: VaultEffect[] = [
    { name: "CreateRoles", slots: missing, intent: true },
    { name: "CreateDatabase" },
    { name: "OpenDatabase" },
  ];
  if (!database) return create;
  if (!database.finished && database.golden !== spec.golden) return [{ name: "DropUnfinishedDatabase" }, ...create];
  const roles: VaultEffect[] = missing.length > 0 ? [{ name: "CreateRoles", slots: missing, intent: false }] : [];
  if (!database.finished) return [...roles, { name: "OpenDatabase" }];
  const wanted = wantedGrants(spec.vaultId, spec.template);
  const insync =
    database.allowConnections &&
    database.oddAttributes.length === 0 &&
    database.publicPrivileges.length === 0 &&
    same(database.grants, wanted) &&
    same(database.settings, vaultSettings);
  if (insync && missing.length === 0) return [];
  const strangers = database.grants
    .filter((grant) => !wanted.includes(grant))
    .map((grant) => grant.slice(0, grant.lastIndexOf(":")));
  // A role made anew has none of the old one's rights.
  return [...roles, { name: "RepairDatabase", strangers: [...new Set(strangers)] }];
};

const needsRepair = (role: LoginFacts, limit: number): boolean =>
  role.oddAttributes.length > 0 ||
  role.members.length > 0 ||
  role.settings.length > 0 ||
  role.connectionLimit !== limit;

const planRoles = (spec: Omit<VaultDatabaseSpec, "verifier">, facts: VaultDatabaseFacts): VaultEffect[] => {
  const present = slots.flatMap((slot) => facts.roles[slot] ?? []);
  const slotOf = (role: LoginFacts): LoginSlot => (role.name.endsWith("_a") ? "a" : "b");
  const odd = present.filter((role) => needsRepair(role, spec.connectionLimit ?? -1)).map(slotOf);
  const wrong = present.filter((role) => !same(role.memberOf, [accessRole(spec)])).map(slotOf);
  const active = facts.roles[spec.activeLogin];
  const other = facts.roles[otherSlot(spec.activeLogin)];
  const effects: VaultEffect[] = [];
  if (odd.length > 0) effects.push({ name: "RepairRoles", slots: odd });
  if (wrong.length > 0) effects.push({ name: "SwitchAccess", slots: wrong });
  if (active && (!active.canLogin || active.passwordVersion !== spec.passwordVersion))
    effects.push({ name: "SetPassword", slot: spec.activeLogin });
  if (!other || spec.keepOtherLogin) return effects;
  if (other.canLogin) effects.push({ name: "CloseOtherLogin", slot: otherSlot(spec.activeLogin) });
  if (other.canLogin || other.sessions > 0) effects.push({ name: "EndSessions", slots: [otherSlot(spec.activeLogin)] });
  return effects;
};

const nothing = (vaultId: string): VaultDatabaseFacts => ({
  vaultId,
  database: null,
  roles: { a: null, b: null },
  schema: null,
  lost: false,
});

/**
 * What is missing between what there is and what is wanted; empty when in sync. Pure.
 * Throws ForeignObjectError for objects of our names that are not ours, and DatabaseLost when data has disappeared.
 */
export const planVault = (
  spec: Omit<VaultDatabaseSpec, "verifier">,
  observed: VaultDatabaseFacts | null,
  server: string,
): VaultEffect[] => {
  const facts = observed ?? nothing(spec.vaultId);
  refuseForeign(facts, server);
  refuseLost(facts, server);
  // Roles first: a role that may do too much is mended before anything is opened to it.
  return [...planRoles(spec, facts), ...planDatabase(spec, facts)];
};

/** Both logins closed, no new connections, sessions ended; empty when it is so. Pure. */
export const planClose = (facts: VaultDatabaseFacts | null, server: string): VaultEffect[] => {
  if (!facts) return [];
  refuseForeign(facts, server);
  const roles = slots.flatMap((slot) => facts.roles[slot] ?? []);
  const open = roles.some((role) => role.canLogin) || facts.database?.allowConnections === true;
  const sessions = roles.some((role) => role.sessions > 0);
  return [
    ...(open ? [{ name: "CloseDatabase" } as const] : []),
    ...(open || sessions ? [{ name: "EndSessions", slots: slots.filter((slot) => facts.roles[slot]) } as const] : []),
  ];
};

/** Everything of the vault gone from the server; empty when it is. Pure. */
export const planDrop = (facts: VaultDatabaseFacts | null, server: string): VaultEffect[] => {
  if (!facts) return [];
  return [
    ...planClose(facts, server),
    ...(facts.database ? [{ name: "DropDatabase" } as const] : []),
    { name: "DropRoles" },
  ];
};
