import type { Command } from "commander";
import { addInvite } from "../invite/create.ts";
import type { Session } from "../session.ts";
import { addOrgClose } from "./close.ts";
import { addOrgCreate } from "./create.ts";
import { addOrgEdit } from "./edit.ts";
import { addOrgGet, addOrgLs, addOrgMembers } from "./ls-get.ts";
import { addOrgMembership } from "./members.ts";

/** `org`: organizations and their members. */
export const addOrg = (program: Command, session: Session): void => {
  const parent = program
    .command("org")
    .alias("orgs")
    .description("organizations: umbrellas and collectives, and their members");
  addOrgLs(parent, session);
  addOrgGet(parent, session);
  addOrgCreate(parent, session);
  addOrgEdit(parent, session);
  addOrgMembers(parent, session);
  addInvite(parent.command("invite"), session);
  addOrgMembership(parent, session);
  addOrgClose(parent, session);
};
