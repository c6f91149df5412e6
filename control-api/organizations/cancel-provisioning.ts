import type { Transaction } from "../db/registry-database.ts";
import { notFound, problem } from "../errors.ts";
import { closeOrganization, type Closing } from "./close-organization.ts";

type Row = { live_at: Date | null; approval: string };

/**
 * Calls off a vault that has never answered: the organization is closed with it. When nobody had approved it, nothing was
 * made yet and its address is free at once. Throws 409 for a vault that people have used. As the platform.
 */
export const cancelProvisioning = async (transaction: Transaction, closing: Closing): Promise<void> => {
  const { organizationId, at } = closing;
  const vault = await transaction("vaults as v")
    .join("organizations as o", "o.id", "v.organization_id")
    .where("o.id", organizationId)
    .whereNull("o.closed_at")
    .forUpdate()
    .first<Row | undefined>("v.live_at", "o.approval");
  if (!vault) throw notFound("This organization");
  if (vault.live_at !== null) {
    throw problem("vault-live", "The vault is in use already, so there is nothing to call off. Close it instead.");
  }
  await closeOrganization(transaction, { ...closing, action: "organization.cancelled" });
  if (vault.approval !== "approved")
    await transaction("slugs").where({ holder_id: organizationId }).update({ expires_at: at });
};
