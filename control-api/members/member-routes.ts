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
import type { Circumstances, Membership, Person } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";
import { requireUuid } from "../http/require-uuid.ts";
import { sessionLastsMs } from "../login/session-service.ts";
import type { ActingMember } from "./member-service.ts";

const actingMember = (
  call: Circumstances & { readonly person: Person; readonly membership: Membership },
): ActingMember => ({
  person: call.person,
  membership: call.membership,
  circumstances: call,
});

export const memberRoutes = [
  defineRoute(listMembers, async ({ membership }, { members }) => ({ items: await members.list(membership) })),
  defineRoute(changeRole, (call, { members }) =>
    members.changeRole(actingMember(call), requireUuid("person", call.params.person), call.body.role),
  ),
  defineRoute(removeMember, async (call, { members }) => {
    await members.remove(actingMember(call), requireUuid("person", call.params.person));
    return undefined;
  }),
  defineRoute(listInvitations, async ({ membership }, { invitations }) => ({
    items: await invitations.list(membership),
  })),
  defineRoute(postInvitation, (call, { invitations }) => invitations.invite(actingMember(call), call.body)),
  defineRoute(revokeInvitation, async (call, { invitations }) => {
    await invitations.revoke(actingMember(call), requireUuid("invitation", call.params.id));
    return undefined;
  }),
  defineRoute(getInvitation, ({ params }, { invitations }) => invitations.look(params.token)),
  defineRoute(acceptInvitation, async (call, { invitations }) => {
    const { slug, session } = await invitations.accept(call.params.token, call.body, call);
    call.sender.logIn(session, sessionLastsMs);
    return { organization: slug };
  }),
  defineRoute(closeOrganization, async (call, { organizations }) => {
    await organizations.close(actingMember(call), call.body.confirm);
    return { message: "The organization is closed. Its vault is being taken down and is kept for its retention time." };
  }),
];
