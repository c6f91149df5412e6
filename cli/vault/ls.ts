import { type Command, Option } from "commander";
import { listTenants, type TenantRow } from "../../control-api/contract/admin.ts";
import { getMe } from "../../control-api/contract/login.ts";
import { getProvisioning } from "../../control-api/contract/organizations.ts";
import { withOutput } from "../options.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { everyPage } from "../platform/every-page.ts";
import { isForPeople, showRows } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { fleetTable, type VaultRow, vaultTable } from "./vault-tables.ts";

export type FleetFilter = { phase?: string; approval?: TenantRow["approval"]; search?: string };

/** Every page of the fleet that is like that. */
export const fleetOf = ({ platform }: Pick<Session, "platform">, filter: FleetFilter): Promise<TenantRow[]> =>
  everyPage((cursor) => platform().api.call(listTenants, { query: { ...filter, limit: 200, cursor } }));

const mine = async (session: Session): Promise<VaultRow[]> => {
  const { api } = session.platform();
  const { organizations } = await api.call(getMe, {});
  const rows = [];
  for (const { slug, name } of organizations)
    rows.push({ slug, name, ...(await api.call(getProvisioning, { params: { slug } })) });
  return rows;
};

type Options = OutputOptions & FleetFilter & { all?: true };

const list = async (session: Session, { all, phase, approval, search, ...options }: Options): Promise<void> => {
  const filter = {
    ...(phase === undefined ? {} : { phase }),
    ...(approval === undefined ? {} : { approval }),
    ...(search === undefined ? {} : { search }),
  };
  const isFleet = all === true || Object.keys(filter).length > 0;
  if (isFleet) {
    const rows = await fleetOf(session, filter);
    showRows(session, { rows, reply: { items: rows, next: null }, options }, fleetTable);
    if (rows.length === 0 && isForPeople(options)) session.terminal.err("No vault is like that.\n");
    return;
  }
  const rows = await mine(session);
  showRows(session, { rows, reply: { items: rows }, options }, vaultTable);
  if (rows.length > 0 || !isForPeople(options)) return;
  session.terminal.err(`You have none yet. Make an organization: ${session.program} org create --help\n`);
};

/** `vault ls`: those of the person's organizations; for staff the whole fleet. */
export const addVaultLs = (parent: Command, session: Session): void => {
  const command = parent.command("ls").alias("list").description("list the vaults of your organizations");
  withOutput(command, ".liveAt")
    .option("--all", "every vault of the platform; for its staff, as are the filters")
    .option("--phase <phase>", "only those in this phase, for example Failed")
    .addOption(
      new Option("--approval <approval>", "only those decided so").choices(["pending", "approved", "rejected"]),
    )
    .option("--search <text>", "only those with this in their name or slug")
    .action((options: Options) => list(session, options));
};
