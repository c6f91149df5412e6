import { randomBytes } from "node:crypto";
import { migrate } from "../../control-api/db/migrate.ts";
import { prepareDatabase } from "../../control-api/db/prepare-database.ts";

/** Connection URLs of the registry's accounts. */
export interface RegistryUrlsOfAll {
  readonly owner: string;
  readonly app: string;
  readonly platform: string;
}

/** A registry of its own on this server, at the newest schema. */
export const aRegistry = async (adminUrl: string): Promise<RegistryUrlsOfAll> => {
  const database = `registry_${randomBytes(4).toString("hex")}`;
  // The accounts belong to the whole server, so every suite gives them the same password.
  const password = "only-for-this-test-server";
  await prepareDatabase(adminUrl, database, {
    registry_owner: password,
    registry_app: password,
    registry_platform: password,
  });
  const url = (username: string): string =>
    Object.assign(new URL(adminUrl), { username, password, pathname: `/${database}` }).href;
  const accounts = { owner: url("registry_owner"), app: url("registry_app"), platform: url("registry_platform") };
  await migrate(accounts.owner);
  return accounts;
};
