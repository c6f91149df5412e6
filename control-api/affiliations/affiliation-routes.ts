import {
  acceptAffiliationInvitation,
  approveAffiliation,
  endAffiliation,
  getAffiliations,
  getInvitingUmbrella,
  postAffiliationInvitation,
  postAffiliationRequest,
  rejectAffiliation,
  revokeAffiliationInvitation,
  withdrawAffiliation,
} from "../contract/affiliations.ts";
import { actorOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";
import { requireUuid } from "../http/require-uuid.ts";
import { publicId } from "../ids.ts";

export const affiliationRoutes = [
  defineRoute(getAffiliations, ({ membership }, { affiliations }) => affiliations.of(membership)),
  defineRoute(postAffiliationRequest, (call, { affiliations }) => affiliations.request(actorOf(call), call.body)),
  defineRoute(approveAffiliation, (call, { affiliations }) =>
    affiliations.answer(
      actorOf(call),
      requireUuid("affiliationRequest", call.params.id),
      "approve",
      call.body.response,
    ),
  ),
  defineRoute(rejectAffiliation, (call, { affiliations }) =>
    affiliations.answer(actorOf(call), requireUuid("affiliationRequest", call.params.id), "reject", call.body.response),
  ),
  defineRoute(withdrawAffiliation, (call, { affiliations }) =>
    affiliations.answer(
      actorOf(call),
      requireUuid("affiliationRequest", call.params.id),
      "withdraw",
      call.body.response,
    ),
  ),
  defineRoute(postAffiliationInvitation, async (call, { affiliationInvitations, publicUrl }) => {
    const { id, token, createdAt, expiresAt } = await affiliationInvitations.invite(actorOf(call), call.body);
    return {
      id: publicId("affiliationInvitation", id),
      label: call.body.label,
      uses: 0,
      mostUses: call.body.mostUses,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      revoked: false,
      link: `${publicUrl}/register?invitation=${token}`,
    };
  }),
  defineRoute(getInvitingUmbrella, ({ params }, { affiliationInvitations }) =>
    affiliationInvitations.umbrellaOf(params.token),
  ),
  defineRoute(acceptAffiliationInvitation, async (call, { affiliationInvitations }) => ({
    umbrella: await affiliationInvitations.accept(actorOf(call), call.params.token, call.body.collective),
  })),
  defineRoute(revokeAffiliationInvitation, async (call, { affiliationInvitations }) => {
    await affiliationInvitations.revoke(actorOf(call), requireUuid("affiliationInvitation", call.params.id));
    return undefined;
  }),
  defineRoute(endAffiliation, async (call, { affiliations }) => {
    await affiliations.end(actorOf(call), call.membership, { other: call.params.other, confirm: call.body.confirm });
    return undefined;
  }),
];
