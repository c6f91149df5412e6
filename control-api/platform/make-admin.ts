import { systemClock } from "../clock.ts";
import { Email, line } from "../contract/fields.ts";
import { openRegistry } from "../db/registry-database.ts";
import { personRepository } from "../people/person-repository.ts";

/**
 * Makes somebody a platform admin, who then logs in by mail like everybody. Safe to run again. Throws when address or name
 * cannot be one.
 */
export const makeAdmin = async (
  urls: { app: string; platform: string },
  who: { email: string; name: string },
): Promise<void> => {
  const [email, name] = [Email.parse(who.email), line(200, "the admin's name").parse(who.name)];
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
