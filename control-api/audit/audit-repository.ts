import type { AuditEntry } from "../contract/audit.ts";
import { type Keyset, keysetPage, type Page, type PageAsked } from "../db/keyset-page.ts";
import type { Transaction } from "../db/registry-database.ts";
import { publicId } from "../ids.ts";

/** What is looked for; UUIDs. */
export interface AuditFilter {
  readonly organizationId?: string | undefined;
  /** Slug. */
  readonly organization?: string | undefined;
  /** An action, or how it begins. */
  readonly action?: string | undefined;
  readonly actorId?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** An entry with what chains it to the one before. */
export interface ChainedEntry extends AuditEntry {
  readonly chain: string;
  readonly previousHash: string;
  readonly hash: string;
}

type Row = {
  chain: string;
  number: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
  request_id: string;
  previous_hash: string;
  hash: string;
  slug: string | null;
  organization_name: string | null;
  actor_name: string | null;
};

const kinds = ["person", "system", "visitor"] as const;

const actorOf = ({ actor, actor_name }: Row): AuditEntry["actor"] => {
  const [kind, uuid] = actor.split(":");
  return {
    kind: kinds.find((one) => one === kind) ?? "system",
    id: uuid === undefined ? null : publicId("person", uuid),
    name: actor_name,
  };
};

const entryOf = (row: Row): ChainedEntry => ({
  organization: row.slug === null ? null : { slug: row.slug, name: row.organization_name ?? row.slug },
  number: Number(row.number),
  at: row.at.toISOString(),
  actor: actorOf(row),
  action: row.action,
  subject: row.subject,
  detail: row.detail,
  requestId: row.request_id,
  chain: row.chain,
  previousHash: row.previous_hash,
  hash: row.hash,
});

const newestFirst: Keyset = [
  ["a.at", "timestamptz"],
  ["a.chain", "uuid"],
  ["a.number", "bigint"],
];

const rows = (transaction: Transaction, filter: AuditFilter) => {
  const query = transaction("audit_log as a")
    .leftJoin("organizations as o", "o.id", "a.organization_id")
    .joinRaw("LEFT JOIN people p ON p.id = CASE WHEN starts_with(a.actor, 'person:') THEN substr(a.actor, 8)::uuid END")
    .select<Row[]>("a.*", "o.slug", "o.name as organization_name", "p.name as actor_name");
  if (filter.organizationId !== undefined) void query.where("a.organization_id", filter.organizationId);
  if (filter.organization !== undefined) void query.where("o.slug", filter.organization);
  if (filter.actorId !== undefined) void query.where("a.actor", `person:${filter.actorId}`);
  if (filter.from !== undefined) void query.where("a.at", ">=", filter.from);
  if (filter.until !== undefined) void query.where("a.at", "<", filter.until);
  if (filter.action !== undefined)
    void query.whereRaw("(a.action = ? OR starts_with(a.action, ?))", [filter.action, `${filter.action}.`]);
  return query;
};

/** The audit log, newest first. What is found depends on whose transaction it is. */
export const auditRepository = (transaction: Transaction) => ({
  page: async (filter: AuditFilter, asked: PageAsked): Promise<Page<ChainedEntry>> => {
    const { items, next } = await keysetPage<Row>(rows(transaction, filter), newestFirst, asked);
    return { items: items.map(entryOf), next };
  },
});
