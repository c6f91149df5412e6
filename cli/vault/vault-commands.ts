import type { Command } from "commander";
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

const addRetry = (parent: Command, session: Session): void => {
  withWait(parent.command("retry").description("try again at once what did not succeed, and wait until it has"))
    .argument("<organization>", "its slug")
    .action(async (slug: string, { wait, timeout }: WaitOptions) => {
      const { terminal } = session;
      await organizationOf(session, slug);
      await session.platform().api.call(retryProvisioning, { params: { slug } });
      terminal.err(`The vault of "${slug}" is tried again.\n`);
      if (!wait) return;
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
