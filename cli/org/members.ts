import { Argument, type Command } from "commander";
import { changeRole, removeMember } from "../../control-api/contract/members.ts";
import { getMe } from "../../control-api/contract/login.ts";
import { transferOrganization } from "../../control-api/contract/organizations.ts";
import { type Role, roles } from "../../control-api/contract/route-contract.ts";
import { confirmByTyping } from "../confirm.ts";
import { withYes, type YesOptions } from "../options.ts";
import { organizationOf } from "../platform/organization-of.ts";
import type { Session } from "../session.ts";
import { memberOf } from "./member-of.ts";

const addRole = (parent: Command, session: Session): void => {
  parent
    .command("role")
    .description("give a member another role; only owners make and unmake owners")
    .argument("<organization>", "its slug")
    .argument("<member>", "mail address or id of the member")
    .addArgument(new Argument("<role>", "the new role").choices(roles))
    .action(async (slug: string, wanted: string, role: Role) => {
      const before = await memberOf(session, slug, wanted);
      const params = { slug, person: before.id };
      const { email } = await session.platform().api.call(changeRole, { params, body: { role } });
      session.terminal.err(`${email} in "${slug}": ${before.role} → ${role}\n`);
    });
};

const addRemove = (parent: Command, session: Session): void => {
  withYes(parent.command("remove-member").description("take a member out of an organization"))
    .argument("<organization>", "its slug")
    .argument("<member>", "mail address or id of the member")
    .action(async (slug: string, wanted: string, { yes }: YesOptions) => {
      const { id, email, name } = await memberOf(session, slug, wanted);
      const warning = `${name} <${email}> is no longer a member of "${slug}".`;
      await confirmByTyping(session, { warning, word: email, yes });
      await session.platform().api.call(removeMember, { params: { slug, person: id } });
      session.terminal.err(`${email} is out of "${slug}".\n`);
    });
};

const addLeave = (parent: Command, session: Session): void => {
  withYes(parent.command("leave").description("leave an organization; its last owner cannot"))
    .argument("<organization>", "its slug")
    .action(async (slug: string, { yes }: YesOptions) => {
      const { api } = session.platform();
      const { name } = await organizationOf(session, slug);
      const warning = `You are no longer a member of ${name}, and cannot come back without an invitation.`;
      await confirmByTyping(session, { warning, word: slug, yes });
      const { id } = await api.call(getMe, {});
      await api.call(removeMember, { params: { slug, person: id } });
      session.terminal.err(`You have left "${slug}".\n`);
    });
};

const addTransfer = (parent: Command, session: Session): void => {
  withYes(parent.command("transfer").description("hand an organization over to another member; you stay as admin"))
    .argument("<organization>", "its slug")
    .argument("<member>", "mail address or id of its new owner")
    .action(async (slug: string, wanted: string, { yes }: YesOptions) => {
      const { id, email, name } = await memberOf(session, slug, wanted);
      const warning = `${name} <${email}> becomes the owner of "${slug}", and you its admin. Only they can give it back.`;
      await confirmByTyping(session, { warning, word: slug, yes });
      const body = { to: id, confirm: slug };
      await session.platform().api.call(transferOrganization, { params: { slug }, body });
      session.terminal.err(`"${slug}" belongs to ${email} now.\n`);
    });
};

/** What is done with the members of an organization, beside inviting. */
export const addOrgMembership = (parent: Command, session: Session): void => {
  addRole(parent, session);
  addRemove(parent, session);
  addLeave(parent, session);
  addTransfer(parent, session);
};
