import { type Command, Option } from "commander";
import {
  acceptAffiliationInvitation,
  getInvitingUmbrella,
  postAffiliationInvitation,
  revokeAffiliationInvitation,
} from "../../control-api/contract/affiliations.ts";
import { type DryRunOptions, withOutput, withTell } from "../options.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { tokenOf } from "../platform/link-token.ts";
import { showRows } from "../platform/show-rows.ts";
import { parseCount } from "../parse-count.ts";
import type { Session } from "../session.ts";
import { newLinkTable } from "./affiliation-tables.ts";

const parseUses = (text: string): number => (text === "any" ? Number.POSITIVE_INFINITY : parseCount(text));

type InviteOptions = OutputOptions & { label: string; uses: number; days: number };

const addInvite = (parent: Command, session: Session): void => {
  const command = parent.command("invite").description("make a link by which collectives join without being asked");
  withOutput(command, ".createdAt")
    .argument("<umbrella>", "its slug")
    .option("--label <text>", "what you know it by later", "")
    .addOption(new Option("--uses <number>", "how many may join by it, or any").argParser(parseUses).default(1, "1"))
    .addOption(new Option("--days <number>", "how long it holds").argParser(parseCount).default(14, "14"))
    .action(async (umbrella: string, { label, uses, days, ...options }: InviteOptions) => {
      const body = { umbrella, label, mostUses: Number.isFinite(uses) ? uses : null, days };
      const reply = await session.platform().api.call(postAffiliationInvitation, { body });
      showRows(session, { rows: [reply], reply, options }, newLinkTable);
      session.terminal.err("The link is shown this once; send it to whom it is for.\n");
    });
};

type JoinOptions = DryRunOptions & { as: string };

const join = async (session: Session, link: string, { as: collective, dryRun }: JoinOptions): Promise<void> => {
  const { terminal } = session;
  const { api } = session.platform();
  const params = { token: tokenOf(link) };
  if (dryRun) {
    const { name } = await api.call(getInvitingUmbrella, { params });
    terminal.err(`"${collective}" would join ${name} (dry run).\n`);
    return;
  }
  const { umbrella } = await api.call(acceptAffiliationInvitation, { params, body: { collective } });
  terminal.err(`"${collective}" belongs to ${umbrella.name} now.\n`);
};

/** `affiliation invite`, `join` and `revoke`: an umbrella's links. */
export const addAffiliationLinks = (parent: Command, session: Session): void => {
  addInvite(parent, session);
  withTell(parent.command("join").description("join an umbrella by its link"))
    .argument("<link>", "the link that the umbrella gave")
    .requiredOption("--as <collective>", "slug of the one that joins; you are its admin")
    .action((link: string, options: JoinOptions) => join(session, link, options));
  parent
    .command("revoke")
    .description("close an umbrella's link; who has joined by it stays")
    .argument("<link-id>", "its id: affiliation links")
    .action(async (id: string) => {
      await session.platform().api.call(revokeAffiliationInvitation, { params: { id } });
      session.terminal.err(`The link ${id} is closed.\n`);
    });
};
