import { dropWork, listQueue, retryWork } from "../contract/queue.ts";
import { actorOf } from "../http/call.ts";
import { defineRoute } from "../http/define-route.ts";
import { requireUuid } from "../http/require-uuid.ts";

export const queueRoutes = [
  defineRoute(listQueue, ({ query }, { queue }) => queue.page(query)),
  defineRoute(retryWork, (call, { queue }) => queue.retry(actorOf(call), requireUuid("job", call.params.id))),
  defineRoute(dropWork, async (call, { queue }) => {
    await queue.drop(actorOf(call), requireUuid("job", call.params.id));
    return undefined;
  }),
];
