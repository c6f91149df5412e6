import {
  acceptInvitation,
  changeRole,
  closeOrganization,
  getInvitation,
  listInvitations,
  listMembers,
  postInvitation,
  removeMember,
  revokeInvitation,
} from "../contract/members.ts";
import { actingMemberOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";
import { requireUuid } from "../http/require-uuid.ts";
import { sessionLastsMs } from "../login/session-service.ts";

export const memberRoutes = [
  defineRoute(listMembers, async ({ membership }, { members }) => ({ items: await members.list(membership) })),
  defineRoute(changeRole, (call, { members }) =>
    members.changeRole(actingMemberOf(call), requireUuid("person", call.params.person), call.body.role),
  ),
  defineRoute(removeMember, async (call, { members }) => {
    await members.remove(actingMemberOf(call), requireUuid("person", call.params.person));
    return undefined;
  }),
  defineRoute(listInvitations, async ({ membership }, { invitations }) => ({
    items: await invitations.list(membership),
  })),
  defineRoute(postInvitation, (call, { invitations }) => invitations.invite(actingMemberOf(call), call.body)),
  defineRoute(revokeInvitation, async (call, { invitations }) => {
    await invitations.revoke(actingMemberOf(call), requireUuid("invitation", call.params.id));
    return undefined;
  }),
  defineRoute(getInvitation, ({ params }, { invitations }) => invitations.look(params.token)),
  defineRoute(acceptInvitation, async (call, { invitations }) => {
    const { slug, session } = await invitations.accept(call.params.token, call.body, call);
    call.sender.logIn(session, sessionLastsMs);
    return { organization: slug };
  }),
  defineRoute(closeOrganization, async (call, { organizations }) => {
    await organizations.close(actingMemberOf(call), call.body.confirm);
    return { message: "The organization is closed. Its vault is being taken down and is kept for its retention time." };
  }),
];
