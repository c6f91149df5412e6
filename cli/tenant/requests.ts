import { type Command, Option } from "commander";
import type { Tenant } from "../../crds/index.ts";
import type { Change } from "../apply/change.ts";
import { requests } from "../names.ts";
import { type DryRunOptions, withDryRun, withWait, type WaitOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { changeEach, changeTenant, type Step } from "./change-tenant.ts";
import { isReady } from "./tenant-state.ts";

/** A request's value is the time of asking: each new one is one request. */
export const ask = (session: Session, names: readonly string[]): Change => {
  const now = session.timer.now().toISOString();
  return { metadata: { annotations: Object.fromEntries(names.map((name) => [name, now])) } };
};

const versionsOf = ({ status }: Tenant): { database: number; signing: number } => ({
  database: status?.secretVersions?.database ?? 0,
  signing: status?.secretVersions?.signing ?? 0,
});

const what = {
  database: {
    names: [requests.rotateDatabase],
    begun: "is getting a new database password",
    done: "has a new database password",
  },
  signing: { names: [requests.rotateSigning], begun: "is getting a new signing key", done: "has a new signing key" },
  all: {
    names: [requests.rotateDatabase, requests.rotateSigning],
    begun: "is getting a new database password and a new signing key",
    done: "has a new database password and a new signing key",
  },
} as const;
type Secret = keyof typeof what;

const hasRotated = (secret: Secret, tenant: Tenant, before: Tenant): boolean => {
  const [was, is] = [versionsOf(before), versionsOf(tenant)];
  const database = secret === "signing" || is.database > was.database;
  const signing = secret === "database" || is.signing > was.signing;
  const { rotation } = tenant.status ?? {};
  const settled = rotation?.database?.step === undefined && rotation?.signing?.step === undefined;
  return database && signing && settled && isReady(tenant);
};

const addRotate = (parent: Command, session: Session): void => {
  const command = parent.command("rotate").description("give vaults new secrets, without a failed request");
  withDryRun(withWait(command))
    .argument("<slug...>", "names of tenants")
    .addOption(new Option("--secret <which>", "which one").choices(["database", "signing", "all"]).default("all"))
    .action((slugs: string[], { secret, ...how }: WaitOptions & DryRunOptions & { secret: Secret }) => {
      const { names, begun, done } = what[secret];
      const step: Step = {
        change: () => ask(session, names),
        already: "",
        begun,
        reached: (tenant, before) => hasRotated(secret, tenant, before),
        done,
      };
      return changeEach(session, slugs, step, how);
    });
};

const addRetry = (parent: Command, session: Session): void => {
  const command = parent.command("retry").description("let the operator try now instead of after its pause");
  withDryRun(command)
    .argument("<slug...>", "names of tenants")
    .action(async (slugs: string[], { dryRun }: DryRunOptions) => {
      const step: Step = {
        change: () => ask(session, [requests.retry]),
        already: "",
        begun: "is tried again now",
        reached: () => true,
        done: "",
      };
      for (const slug of slugs)
        await changeTenant(session, slug, step, { wait: false, timeout: 0, ...(dryRun ? { dryRun } : {}) });
    });
};

/** `tenant rotate` and `retry`: requests to the operator, as annotations. */
export const addTenantRequests = (parent: Command, session: Session): void => {
  addRotate(parent, session);
  addRetry(parent, session);
};
