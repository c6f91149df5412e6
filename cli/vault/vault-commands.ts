import type { Command } from "commander";
import { retryTenant } from "../../control-api/contract/admin.ts";
import { getMe } from "../../control-api/contract/login.ts";
import { getProvisioning, type Provisioning, retryProvisioning } from "../../control-api/contract/organizations.ts";
import { failed } from "../cli-error.ts";
import { withWait, type WaitOptions } from "../options.ts";
import { organizationOf } from "../platform/organization-of.ts";
import type { Session } from "../session.ts";
import { visitAddress } from "../visit-address.ts";
import { expectLive, followVault } from "./follow-vault.ts";
import { addVaultLs } from "./ls.ts";
import { addVaultGet, addVaultStatus } from "./status.ts";

const addOpen = (parent: Command, session: Session): void => {
  parent
    .command("open")
    .description("open the vault in the browser; prints its address where there is none")
    .argument("<organization>", "its slug")
    .option("--print", "only print the address")
    .action(async (slug: string, { print }: { print?: true }) => {
      await organizationOf(session, slug);
      const { url } = await session.platform().api.call(getProvisioning, { params: { slug } });
      if (url === null) throw failed(`The vault of "${slug}" has no address yet.`, { next: `vault status ${slug}` });
      session.terminal.out(`${url}\n`);
      if (!print) await visitAddress(session, url);
    });
};

/** Whether it is of an organization of the person's own; else they act as the platform's staff, who do not follow it. */
const retry = async (session: Session, slug: string): Promise<boolean> => {
  const { api } = session.platform();
  const { organizations, platformRole } = await api.call(getMe, {});
  const isOwn = platformRole === null || organizations.some((one) => one.slug === slug);
  if (isOwn) await organizationOf(session, slug);
  await api.call(isOwn ? retryProvisioning : retryTenant, { params: { slug } });
  return isOwn;
};

const addRetry = (parent: Command, session: Session): void => {
  withWait(parent.command("retry").description("try again at once what did not succeed, and wait until it has"))
    .argument("<organization>", "its slug")
    .action(async (slug: string, { wait, timeout }: WaitOptions) => {
      const { terminal } = session;
      const isOwn = await retry(session, slug);
      terminal.err(`The vault of "${slug}" is tried again.\n`);
      if (!isOwn) terminal.err(`How it is: ${session.program} vault ls --search ${slug}\n`);
      if (!wait || !isOwn) return;
      // It counts as failed until the new try has come to its end.
      const isEnd = ({ state }: Provisioning) => !["preparing", "awaiting-approval", "failed"].includes(state);
      const seen = await followVault(session, { slug, timeoutMs: timeout, isEnd });
      terminal.err(`The vault answers at ${expectLive(slug, seen)}\n`);
    });
};

/** `vault`: the running copies of your organizations, as the registry knows them. */
export const addVault = (program: Command, session: Session): void => {
  const parent = program
    .command("vault")
    .alias("vaults")
    .description("the vaults of your organizations, through the platform; their Tenants in a cluster: tenant");
  addVaultLs(parent, session);
  addVaultGet(parent, session);
  addVaultStatus(parent, session);
  addOpen(parent, session);
  addRetry(parent, session);
};
