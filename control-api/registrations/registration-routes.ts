import { getRegistration, postRegistration, proveRegistration } from "../contract/registrations.ts";
import { cancelRegistration, listRegistrations, prepareOrganization } from "../contract/staff-registrations.ts";
import { actorOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";
import { requireUuid } from "../http/require-uuid.ts";
import { publicId } from "../ids.ts";
import { sessionLastsMs } from "../login/session-service.ts";

export const registrationRoutes = [
  defineRoute(postRegistration, async (call, { registrations }) => {
    const { id, slug, contactEmail, expiresAt } = await registrations.register(call.body, call);
    return {
      id: publicId("registration", id),
      slug,
      mailSentTo: contactEmail,
      expiresAt: expiresAt.toISOString(),
      message: `Open the link in the mail to ${contactEmail}. The address is held for you for two days.`,
    };
  }),
  defineRoute(getRegistration, ({ params }, { registrations }) => registrations.look(params.token)),
  defineRoute(proveRegistration, async (call, { registrations }) => {
    const { slug, approval, session } = await registrations.prove(call.params.token, call);
    call.sender.logIn(session, sessionLastsMs);
    call.sender.location(`/api/organizations/${slug}`);
    return { organization: slug, approval };
  }),
  defineRoute(prepareOrganization, (call, { staffRegistrations }) =>
    staffRegistrations.prepare(actorOf(call), call.body),
  ),
  defineRoute(listRegistrations, async (_call, { staffRegistrations }) => ({ items: await staffRegistrations.list() })),
  defineRoute(cancelRegistration, async (call, { staffRegistrations }) => {
    await staffRegistrations.cancel(actorOf(call), requireUuid("registration", call.params.id));
    return undefined;
  }),
];
