import type { AccountChange } from "../contract/account.ts";
import type { Locale } from "../contract/fields.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import type { Person } from "../http/call.ts";
import { personRepository } from "./person-repository.ts";

export interface AccountService {
  /** What is left out stays as it is. The vaults keep the name under which they know their owner. */
  change(person: Person, change: AccountChange): Promise<{ name: string; locale: Locale }>;
}

export const createAccountService = (registry: RegistryDatabase): AccountService => ({
  change: ({ id }, change) =>
    registry.within({ personId: id }, async (transaction) => {
      const people = personRepository(transaction);
      await people.change(id, change);
      const changed = await people.byId(id);
      if (!changed) throw notFound("This account");
      return { name: changed.name, locale: changed.locale };
    }),
});
