import { z } from "zod";
import { systemClock } from "../clock.ts";
import { Email, line } from "../contract/fields.ts";
import { openRegistry, type RegistryUrls } from "../db/registry-database.ts";
import { personRepository } from "../people/person-repository.ts";

const Admin = z.object({ email: Email, name: line(200, "the admin's name") });
export type Admin = z.infer<typeof Admin>;

const readAdmin = (who: Admin): Admin => {
  const parsed = Admin.safeParse(who);
  if (parsed.success) return parsed.data;
  throw new Error(`Nobody was made an admin. ${parsed.error.issues.map(({ message }) => message).join(" ")}`);
};

/**
 * Makes somebody a platform admin, who then logs in by mail like everybody. Safe to run again. Throws when address or name
 * cannot be one.
 */
export const makeAdmin = async (urls: RegistryUrls, who: Admin): Promise<void> => {
  const { email, name } = readAdmin(who);
  const registry = openRegistry(urls, { max: 1 });
  try {
    await registry.asPlatform(async (transaction) => {
      const person = await personRepository(transaction).ensure({ email, name, locale: "en", at: systemClock.now() });
      await transaction("people").where({ id: person.id }).update({ platform_role: "admin" });
    });
  } finally {
    await registry.close();
  }
};
