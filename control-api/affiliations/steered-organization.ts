import { isAtLeast, type Role } from "../contract/route-contract.ts";
import type { Transaction } from "../db/registry-database.ts";
import { forbidden, invalid, notFound } from "../errors.ts";
import type { Person } from "../http/call.ts";

/** UUID. */
export interface SteeredOrganization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly type: "umbrella" | "collective";
}

/** The organization in which this person may act; 404 for who is no member, 403 for who is not an admin. */
export const steeredOrganization = async (
  transaction: Transaction,
  person: Person,
  by: { readonly slug: string } | { readonly id: string },
): Promise<SteeredOrganization> => {
  const where = "slug" in by ? { "o.slug": by.slug } : { "o.id": by.id };
  const row = await transaction("organizations as o")
    .join("organization_members as m", "m.organization_id", "o.id")
    .where({ "m.person_id": person.id, ...where })
    .whereNull("o.closed_at")
    .first<(SteeredOrganization & { role: Role }) | undefined>("o.id", "o.slug", "o.name", "o.type", "m.role");
  if (!row) throw notFound("An organization of this name, among those you belong to,");
  if (!isAtLeast(row.role, "admin")) {
    throw forbidden(`This needs an admin or owner of ${row.name}; you are ${row.role} there.`);
  }
  return row;
};

/** Throws 422 at `pointer` when the organization is of the other type. */
export const mustBe = (
  { type, name }: SteeredOrganization,
  wanted: "umbrella" | "collective",
  pointer: string,
): void => {
  if (type === wanted) return;
  const detail = `${name} is no ${wanted}: umbrellas are joined by collectives, never by each other.`;
  throw invalid([{ pointer, detail }]);
};
