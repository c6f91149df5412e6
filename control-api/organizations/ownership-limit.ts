import type { Transaction } from "../db/registry-database.ts";
import { problem } from "../errors.ts";

/**
 * Throws 409 when this person (UUID) owns as many organizations as one account may. Their row stays locked, so that two who
 * make them an owner at once count one after the other. As the platform: other organizations count.
 */
export const refuseTooManyOwned = async (
  transaction: Transaction,
  personId: string,
  mostOwned: number,
): Promise<void> => {
  await transaction("people").where({ id: personId }).forUpdate().select("id");
  const owned = await transaction("organization_members")
    .join("organizations", "organizations.id", "organization_members.organization_id")
    .where({ person_id: personId, role: "owner" })
    .whereNull("closed_at")
    .count<{ count: string }[]>();
  if (Number(owned[0]?.count ?? 0) < mostOwned) return;
  throw problem(
    "too-many-organizations",
    `This account owns ${String(mostOwned)} organizations, and that is the most. Close one, or use another mail address.`,
  );
};
