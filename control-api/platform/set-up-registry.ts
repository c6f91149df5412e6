import { migrate } from "../db/migrate.ts";
import { prepareDatabase } from "../db/prepare-database.ts";
import type { RegistrySetup } from "../db/setup-config.ts";
import { untilDatabaseAnswers } from "../db/until-database-answers.ts";
import { type Admin, makeAdmin } from "./make-admin.ts";

/**
 * All that an installation's registry needs before API and worker come up: accounts and database, the newest schema, and
 * the first admin if one is named. Waits for a server that is still starting; safe to run again. Returns the names of the
 * schema's steps that were taken.
 */
export const setUpRegistry = async (
  { urls, database, accounts }: RegistrySetup,
  firstAdmin: Admin | undefined,
): Promise<string[]> => {
  await untilDatabaseAnswers(urls.admin);
  await prepareDatabase(urls.admin, database, accounts);
  const taken = await migrate(urls.owner);
  if (firstAdmin) await makeAdmin(urls, firstAdmin);
  return taken;
};
