import type { Knex } from "knex";
import type { OutboxRow } from "../jobs/outbox-repository.ts";
import { personRepository } from "../people/person-repository.ts";
import type { Find, MailSources } from "./find-mail.ts";

type Told = { name: string; slug: string; phase: string; reason: string; message: string; approval: string };

/** One of the platform's staff (`payload.person`) and the organization (`subject`) that they are told of. */
const about = async (database: Knex, { subject, payload }: OutboxRow, { publicUrl, vaultUrl }: MailSources) => {
  const staff = await personRepository(database).byId(payload["person"] ?? "");
  const row = await database("organizations as o")
    .join("vaults as v", "v.organization_id", "o.id")
    .where("o.id", subject)
    .whereNull("o.closed_at")
    .first<Told | undefined>("o.name", "o.slug", "o.approval", "v.phase", "v.reason", "v.message");
  if (!staff?.platformRole || !row) return null;
  return {
    ...row,
    addressee: { to: { name: staff.name, address: staff.email }, locale: staff.locale },
    facts: { organization: row.name, address: vaultUrl(row.slug), link: `${publicUrl}/admin/tenants/${row.slug}` },
  };
};

export const approval: Find<"approval"> = async (database, row, sources) => {
  const told = await about(database, row, sources);
  return told?.approval === "pending" ? { ...told.addressee, facts: told.facts } : null;
};

/** Left out when the vault has come up meanwhile. */
export const failure: Find<"failure"> = async (database, row, sources) => {
  const told = await about(database, row, sources);
  if (told?.phase !== "Failed") return null;
  const { addressee, facts, reason, message } = told;
  return { ...addressee, facts: { ...facts, reason, message } };
};
