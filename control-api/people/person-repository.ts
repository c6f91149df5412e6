import type { Knex } from "knex";
import type { Locale } from "../contract/fields.ts";
import { newId } from "../ids.ts";

/** Somebody with a proven mail address. UUID. */
export interface KnownPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly platformRole: "admin" | "support" | null;
}

type Row = {
  id: string;
  email: string;
  email_key: string;
  name: string;
  locale: Locale;
  platform_role: KnownPerson["platformRole"];
  created_at: Date;
  last_login_at: Date | null;
};

/** Two spellings of one mailbox, as far as we may know: the address in lower case. */
export const emailKey = (email: string): string => email.toLowerCase();

const personOf = ({ id, email, name, locale, platform_role }: Row): KnownPerson => ({
  id,
  email,
  name,
  locale,
  platformRole: platform_role,
});

export const personRepository = (database: Knex) => {
  const table = () => database<Row>("people");
  return {
    byEmail: async (email: string): Promise<KnownPerson | null> => {
      const row = await table()
        .where({ email_key: emailKey(email) })
        .first();
      return row ? personOf(row) : null;
    },
    byId: async (id: string): Promise<KnownPerson | null> => {
      const row = await table().where({ id }).first();
      return row ? personOf(row) : null;
    },
    /** The person with this address, made when there is none; whoever is there keeps name and language. */
    ensure: async (person: { email: string; name: string; locale: Locale; at: Date }): Promise<KnownPerson> => {
      const { email, name, locale, at } = person;
      await table()
        .insert({ id: newId(), email, email_key: emailKey(email), name, locale, created_at: at })
        .onConflict("email_key")
        .ignore();
      const row = await table()
        .where({ email_key: emailKey(email) })
        .forUpdate()
        .first();
      if (!row) throw new Error("A person that was just made is not there.");
      return personOf(row);
    },
    /** What is undefined stays as it is. */
    change: async (id: string, change: { name?: string | undefined; locale?: Locale | undefined }): Promise<void> => {
      const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      if (Object.keys(set).length > 0) await table().where({ id }).update(set);
    },
    markLogin: async (id: string, at: Date): Promise<void> => {
      await table().where({ id }).update({ last_login_at: at });
    },
  };
};
