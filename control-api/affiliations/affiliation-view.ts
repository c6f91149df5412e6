import type { AffiliationRequestView, Affiliations } from "../contract/affiliations.ts";
import type { Transaction } from "../db/registry-database.ts";
import { publicId } from "../ids.ts";

const most = 100;

type Name = { slug: string; name: string };
type RequestRow = {
  id: string;
  status: AffiliationRequestView["status"];
  message: string;
  requested_at: Date;
  responded_at: Date | null;
  response: string;
  umbrella_slug: string;
  umbrella_name: string;
  collective_slug: string;
  collective_name: string;
};

const requestView = (row: RequestRow): AffiliationRequestView => ({
  id: publicId("affiliationRequest", row.id),
  umbrella: { slug: row.umbrella_slug, name: row.umbrella_name },
  collective: { slug: row.collective_slug, name: row.collective_name },
  status: row.status,
  message: row.message,
  requestedAt: row.requested_at.toISOString(),
  respondedAt: row.responded_at?.toISOString() ?? null,
  response: row.response,
});

const requestRows = (transaction: Transaction) =>
  transaction("affiliation_requests as r")
    .join("organizations as u", "u.id", "r.umbrella_id")
    .join("organizations as c", "c.id", "r.collective_id")
    .select(
      "r.*",
      "u.slug as umbrella_slug",
      "u.name as umbrella_name",
      "c.slug as collective_slug",
      "c.name as collective_name",
    );

/** One request as its two sides see it. */
export const viewRequest = async (transaction: Transaction, id: string): Promise<AffiliationRequestView | null> => {
  const row = (await requestRows(transaction).where("r.id", id).first()) as RequestRow | undefined;
  return row ? requestView(row) : null;
};

const requestsOf = async (transaction: Transaction, id: string): Promise<Affiliations["requests"]> => {
  const rows = (await requestRows(transaction)
    .where("r.umbrella_id", id)
    .orWhere("r.collective_id", id)
    .orderBy("r.requested_at", "desc")
    .limit(most)) as RequestRow[];
  return rows.map(requestView);
};

type AffiliatedRow = Name & { created_at: Date; type: string; phase: string | null; url: string | null };

const affiliatedWith = async (transaction: Transaction, id: string): Promise<Affiliations["affiliated"]> => {
  const rows = await transaction("affiliations as a")
    .joinRaw("JOIN organizations o ON o.id = CASE WHEN a.umbrella_id = ? THEN a.collective_id ELSE a.umbrella_id END", [
      id,
    ])
    .leftJoin("vaults as v", "v.organization_id", "o.id")
    .where("a.umbrella_id", id)
    .orWhere("a.collective_id", id)
    .orderBy("o.name")
    .select<AffiliatedRow[]>("o.slug", "o.name", "o.type", "a.created_at", "v.phase", "v.url");
  return rows.map(({ slug, name, created_at, type, phase, url }) => ({
    with: { slug, name },
    since: created_at.toISOString(),
    vault: type === "collective" && phase !== null ? { phase, url } : null,
  }));
};

type InvitationRow = {
  id: string;
  label: string;
  uses: number;
  most_uses: number | null;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
};

const invitationsOf = async (transaction: Transaction, id: string): Promise<Affiliations["invitations"]> => {
  const rows = await transaction<InvitationRow & { umbrella_id: string }>("affiliation_invitations")
    .where({ umbrella_id: id })
    .orderBy("created_at", "desc")
    .limit(most);
  return rows.map((row) => ({
    id: publicId("affiliationInvitation", row.id),
    label: row.label,
    uses: row.uses,
    mostUses: row.most_uses,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    revoked: row.revoked_at !== null,
  }));
};

type HistoryRow = Name & { event: Affiliations["history"][number]["event"]; at: Date };

const historyOf = async (transaction: Transaction, id: string): Promise<Affiliations["history"]> => {
  const rows = await transaction("affiliation_history as h")
    .joinRaw("JOIN organizations o ON o.id = CASE WHEN h.umbrella_id = ? THEN h.collective_id ELSE h.umbrella_id END", [
      id,
    ])
    .where("h.umbrella_id", id)
    .orWhere("h.collective_id", id)
    .orderBy([
      { column: "h.at", order: "desc" },
      { column: "h.id", order: "desc" },
    ])
    .limit(most)
    .select<HistoryRow[]>("h.event", "h.at", "o.slug", "o.name");
  return rows.map(({ event, at, slug, name }) => ({ event, with: { slug, name }, at: at.toISOString() }));
};

/** All that an organization has to do with others. As the platform: the others' names are read as well. */
export const viewAffiliations = async (transaction: Transaction, organizationId: string): Promise<Affiliations> => ({
  affiliated: await affiliatedWith(transaction, organizationId),
  requests: await requestsOf(transaction, organizationId),
  invitations: await invitationsOf(transaction, organizationId),
  history: await historyOf(transaction, organizationId),
});
