import { logOutEverywhere, patchMe } from "../contract/account.ts";
import { defineRoute } from "../http/define-route.ts";

export const accountRoutes = [
  defineRoute(patchMe, ({ person, body }, { accounts }) => accounts.change(person, body)),
  defineRoute(logOutEverywhere, async ({ person, sender }, { sessions }) => {
    await sessions.revokeAll(person);
    sender.logOut();
    return undefined;
  }),
];
