import { z } from "zod";
import type { RegistryAccounts } from "./prepare-database.ts";

const url = z.url({
  protocol: /^postgres(ql)?$/,
  error: "is an address such as postgres://role:password@host:5432/postgres",
});

const Environment = z.object({
  REGISTRY_ADMIN_URL: url,
  REGISTRY_DATABASE: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, "is a name of lower-case letters, digits and underscores")
    .default("registry"),
  REGISTRY_OWNER_PASSWORD: z.string().min(16, "is a password of at least 16 characters"),
  REGISTRY_APP_PASSWORD: z.string().min(16, "is a password of at least 16 characters"),
  REGISTRY_PLATFORM_PASSWORD: z.string().min(16, "is a password of at least 16 characters"),
});

/** Settings of the two commands that set the registry database up. Throws one error that names each wrong variable. */
export const readSetup = (
  environment: NodeJS.ProcessEnv,
): { adminUrl: string; ownerUrl: string; database: string; accounts: RegistryAccounts } => {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")} ${message}`);
    throw new Error(`The registry cannot be set up; these environment variables are wrong:\n${lines.join("\n")}`);
  }
  const e = parsed.data;
  const owner = new URL(e.REGISTRY_ADMIN_URL);
  owner.username = "registry_owner";
  owner.password = encodeURIComponent(e.REGISTRY_OWNER_PASSWORD);
  owner.pathname = `/${e.REGISTRY_DATABASE}`;
  return {
    adminUrl: e.REGISTRY_ADMIN_URL,
    ownerUrl: owner.href,
    database: e.REGISTRY_DATABASE,
    accounts: {
      registry_owner: e.REGISTRY_OWNER_PASSWORD,
      registry_app: e.REGISTRY_APP_PASSWORD,
      registry_platform: e.REGISTRY_PLATFORM_PASSWORD,
    },
  };
};
