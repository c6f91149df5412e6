import { z } from "zod";
import type { RegistryAccounts } from "./prepare-database.ts";

const url = z.url({
  protocol: /^postgres(ql)?$/,
  error: "is an address such as postgres://role:password@host:5432/postgres",
});

const tooShort = "is a password of at least 16 characters";
const password = z.string({ error: tooShort }).min(16, tooShort);

const Environment = z.object({
  REGISTRY_ADMIN_URL: url,
  REGISTRY_DATABASE: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, "is a name of lower-case letters, digits and underscores")
    .default("registry"),
  REGISTRY_OWNER_PASSWORD: password,
  REGISTRY_APP_PASSWORD: password,
  REGISTRY_PLATFORM_PASSWORD: password,
});

/** What is needed to make a registry: the server's administrator, and the accounts that come to be. */
export interface RegistrySetup {
  readonly urls: { readonly admin: string; readonly owner: string; readonly app: string; readonly platform: string };
  readonly database: string;
  readonly accounts: RegistryAccounts;
}

/** Settings of the commands that set the registry database up. Throws one error that names each wrong variable. */
export const readSetup = (environment: NodeJS.ProcessEnv): RegistrySetup => {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")} ${message}`);
    throw new Error(`The registry cannot be set up; these environment variables are wrong:\n${lines.join("\n")}`);
  }
  const e = parsed.data;
  const accounts: RegistryAccounts = {
    registry_owner: e.REGISTRY_OWNER_PASSWORD,
    registry_app: e.REGISTRY_APP_PASSWORD,
    registry_platform: e.REGISTRY_PLATFORM_PASSWORD,
  };
  const urlOf = (username: keyof RegistryAccounts): string => {
    const password = encodeURIComponent(accounts[username]);
    return Object.assign(new URL(e.REGISTRY_ADMIN_URL), { username, password, pathname: `/${e.REGISTRY_DATABASE}` })
      .href;
  };
  return {
    urls: {
      admin: e.REGISTRY_ADMIN_URL,
      owner: urlOf("registry_owner"),
      app: urlOf("registry_app"),
      platform: urlOf("registry_platform"),
    },
    database: e.REGISTRY_DATABASE,
    accounts,
  };
};
