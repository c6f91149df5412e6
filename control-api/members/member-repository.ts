import type { MemberView } from "../contract/members.ts";
import type { Role } from "../contract/route-contract.ts";
import type { Transaction } from "../db/registry-database.ts";
import { publicId } from "../ids.ts";

type Row = { id: string; name: string; email: string; role: Role; created_at: Date };

const memberOf = (row: Row): MemberView => ({
  id: publicId("person", row.id),
  name: row.name,
  email: row.email,
  role: row.role,
  since: row.created_at.toISOString(),
});

const rows = (transaction: Transaction, organizationId: string) =>
  transaction("organization_members as m")
    .join("people as p", "p.id", "m.person_id")
    .where("m.organization_id", organizationId)
    .select<Row[]>("p.id", "p.name", "p.email", "m.role", "m.created_at");

export const memberRepository = (transaction: Transaction) => {
  const table = () =>
    transaction<{ organization_id: string; person_id: string; role: Role; created_at: Date }>("organization_members");
  return {
    list: async (organizationId: string): Promise<MemberView[]> =>
      (await rows(transaction, organizationId).orderBy([{ column: "m.created_at" }, { column: "p.id" }])).map(memberOf),
    find: async (organizationId: string, personId: string): Promise<MemberView | null> => {
      const [row] = await rows(transaction, organizationId).where("p.id", personId);
      return row ? memberOf(row) : null;
    },
    /** Makes others who change owners of this organization wait until this transaction ends. Returns how many there are. */
    lockOwners: async (organizationId: string): Promise<number> => {
      const owners = await table()
        .where({ organization_id: organizationId, role: "owner" })
        .forUpdate()
        .select("person_id");
      return owners.length;
    },
    hasEmail: async (organizationId: string, key: string): Promise<boolean> =>
      (await rows(transaction, organizationId).where("p.email_key", key)).length > 0,
    /** Adds, or leaves a member who is there as they are. */
    add: async (organizationId: string, personId: string, role: Role, at: Date): Promise<void> => {
      await table()
        .insert({ organization_id: organizationId, person_id: personId, role, created_at: at })
        .onConflict(["organization_id", "person_id"])
        .ignore();
    },
    setRole: async (organizationId: string, personId: string, role: Role): Promise<void> => {
      await table().where({ organization_id: organizationId, person_id: personId }).update({ role });
    },
    remove: async (organizationId: string, personId: string): Promise<void> => {
      await table().where({ organization_id: organizationId, person_id: personId }).delete();
    },
  };
};
