import { actorOf, type Person } from "../http/call.ts";
import type { RateLimits } from "../http/rate-limits.ts";
import { loginFirst, type PageRoute, type Visit } from "../pages/page-route.ts";
import { oidcPaths } from "./create-provider.ts";
import type { DeviceLogins } from "./device-logins.ts";
import { answerPage, askPage, confirmPage } from "./device-views.ts";

export interface DevicePagesDeps {
  readonly limits: RateLimits;
  readonly deviceLogins: DeviceLogins;
}

const path = oidcPaths.deviceVerification;

const loginFor = (userCode: string) =>
  loginFirst(userCode === "" ? path : `${path}?user_code=${encodeURIComponent(userCode)}`);

const codeIn = (text: string): string => text.slice(0, 40);

/** The pages where somebody who is logged in lets the command line in. */
export const devicePages = ({ limits, deviceLogins }: DevicePagesDeps): readonly PageRoute[] => {
  /** Beside the address, which the page's own limit counts: guessing a code takes longer than it lives. */
  const countGuess = (person: Person) => limits.take("guess", person.id);

  const show = async (visit: Visit) => {
    const { person, locale, formToken } = visit;
    const userCode = codeIn(visit.query("user_code"));
    if (!person) return loginFor(userCode);
    if (userCode === "") return askPage(locale);
    await countGuess(person);
    const state = await deviceLogins.look(userCode);
    return state === "waiting" ? confirmPage(locale, { person, userCode, formToken }) : answerPage(locale, state);
  };

  const answer = async (visit: Visit) => {
    const { person, locale } = visit;
    const userCode = codeIn(visit.field("user_code"));
    if (!person) return loginFor(userCode);
    await countGuess(person);
    const approves = visit.field("answer") === "approve";
    const state = approves
      ? await deviceLogins.approve(userCode, actorOf({ ...visit, person }))
      : await deviceLogins.deny(userCode);
    return answerPage(locale, state);
  };

  return [
    { method: "get", path, limit: "guess", handle: show },
    { method: "post", path, limit: "guess", handle: answer },
  ];
};
