import { afterAll, beforeAll } from "@jest/globals";
import { makeAdmin } from "../../control-api/platform/make-admin.ts";
import { startControlApi, type ControlApi } from "../builders/a-control-api.ts";
import { logIn } from "../builders/a-registered-organization.ts";
import type { ApiClient } from "../builders/an-api-client.ts";

/** One control API for all tests of a file, whose Tenants are gone afterwards. Call it outside of tests; ask it inside. */
export const suiteControlApi = (settings: Record<string, string> = {}): (() => ControlApi) => {
  let api: ControlApi | undefined;
  const started = (): ControlApi => {
    if (!api) throw new Error("The control API of this file is not started yet.");
    return api;
  };
  beforeAll(async () => {
    api = await startControlApi(settings);
  });
  afterAll(async () => {
    await started().removeTenants();
    await started().stop();
  });
  return started;
};

/** One of the platform's admins, logged in by mail. */
export const logInStaff = async (api: ControlApi, email: string): Promise<ApiClient> => {
  await makeAdmin(api.accounts, { email, name: "Staff" });
  return logIn(api, email);
};
