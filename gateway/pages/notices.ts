import type { Refusal } from "../request-target.ts";
import type { VaultRoute } from "../vault-route.ts";
import type { Notice } from "./notice.ts";

const longestReport = 300;

const shortened = (text: string | undefined): string | undefined =>
  text !== undefined && text.length > longestReport ? `${text.slice(0, longestReport)}…` : text;

export const nobodyHere = (host: string): Notice => ({
  status: 404,
  code: "nobody-here",
  title: "Nobody lives at this address",
  detail: "No vault answers at this address. It may be misspelt, or the vault may have moved or been closed.",
  next: "Check the address letter by letter, or ask the person who gave it to you.",
  tone: "quiet",
  about: host,
});

const preparing = (route: VaultRoute): Notice => ({
  status: 503,
  code: "vault-preparing",
  title: "Your vault is being prepared",
  detail: "We are setting up a database, an address and a running copy of the application. It takes a moment.",
  next: "It is safe to wait here, to reload, or to come back later: the work goes on without this page.",
  tone: "working",
  about: route.organization,
  progress: route.progress,
  retryAfter: 3,
  refresh: true,
});

const starting = (route: VaultRoute): Notice => ({
  status: 503,
  code: "vault-starting",
  title: "This vault is being started",
  detail: "It comes back as it was. It takes a few seconds.",
  next: "It is safe to wait here, to reload, or to come back later: the work goes on without this page.",
  tone: "working",
  about: route.organization,
  retryAfter: 3,
  refresh: true,
});

const failed = (route: VaultRoute): Notice => ({
  status: 503,
  code: "vault-failed",
  title: "Setting up this vault has stopped",
  detail: "A step did not succeed. No data is lost, and the platform tries again by itself.",
  next: "You need not do anything. If it stays like this, give the message below to the people who run the platform.",
  tone: "trouble",
  about: route.organization,
  report: shortened(route.message),
  retryAfter: 30,
  refresh: true,
});

const suspended = (route: VaultRoute): Notice => ({
  status: 403,
  code: "vault-suspended",
  title: "This vault is suspended",
  detail: "It has been taken off the air. Everything in it is kept and comes back as it was.",
  next:
    route.suspendedFor === undefined
      ? "An owner of the organization can have it resumed by the people who run the platform; everyone else: ask an owner."
      : "Once an owner of the organization has seen to that, the people who run the platform resume it; everyone else: ask an owner.",
  tone: "quiet",
  about: route.organization,
  report: shortened(route.suspendedFor),
});

const asleep = (route: VaultRoute): Notice => ({
  status: 503,
  code: "vault-asleep",
  title: "This vault is asleep",
  detail: "Nobody has used it for a while, so it rests. Everything in it is kept.",
  next: "An owner of the organization can have it woken; then this page gives way to the vault by itself.",
  tone: "quiet",
  about: route.organization,
  retryAfter: 30,
  refresh: true,
});

const deleting = (route: VaultRoute): Notice => ({
  status: 410,
  code: "vault-deleting",
  title: "This vault is being closed",
  detail: "Its organization has asked for it to be deleted, so it no longer answers.",
  next: "If that was a mistake, an owner should ask the people who run the platform soon: deleted data is kept for a while only.",
  tone: "quiet",
  about: route.organization,
});

type Why = "unreachable" | "broken" | "slow";

/** Somebody should answer, and does not. `why` decides between 502 (broken answer), 503 (nobody) and 504 (too slow). */
const silent = (code: "vault" | "platform", title: string, about: string, why: Why): Notice => ({
  status: { unreachable: 503, broken: 502, slow: 504 }[why],
  code: { unreachable: `${code}-unreachable`, broken: `${code}-broken-answer`, slow: `${code}-slow` }[why],
  title,
  detail: {
    unreachable: "It should be answering and is not; it may be restarting.",
    broken: "It began to answer and broke off; it may be restarting.",
    slow: "It took too long to answer.",
  }[why],
  next: "Wait a few seconds and try again. If it goes on, report it with the request number below.",
  tone: "trouble",
  about,
  retryAfter: 5,
});

/** The vault should answer, and does not. */
export const unreachable = (route: VaultRoute, why: Why): Notice =>
  silent("vault", "This vault cannot be reached right now", route.organization, why);

/** Console and API should answer, and do not. Vaults are served all the same. */
export const platformUnreachable = (host: string, why: Why): Notice =>
  silent("platform", "This service cannot be reached right now", host, why);

/** What to say instead of the vault in this phase; undefined: the phase alone is no reason not to ask the vault. */
export const insteadOfVault = (route: VaultRoute): Notice | undefined => {
  if (route.phase === "Suspended") return suspended(route);
  if (route.phase === "Deleting") return deleting(route);
  if (route.phase === "Hibernated") return asleep(route);
  if (route.backend) return undefined;
  return route.phase === "Failed" ? failed(route) : preparing(route);
};

/** What to say when the vault was asked and nobody was there. */
export const whenUnreachable = (route: VaultRoute): Notice => {
  if (route.phase === "Pending" || route.phase === "Provisioning")
    return route.backend ? starting(route) : preparing(route);
  return route.phase === "Failed" ? failed(route) : unreachable(route, "unreachable");
};

const refusals: Record<Refusal | "headers-too-large" | "too-slow", Notice> = {
  "bad-request": {
    status: 400,
    code: "bad-request",
    title: "This request cannot be read",
    detail: "Its host, its path or its headers contradict each other or are not well formed.",
    next: "Open the address again from its beginning; a program should send one Host header that fits its target.",
    tone: "quiet",
  },
  "too-long": {
    status: 414,
    code: "address-too-long",
    title: "This address is too long",
    detail: "The path with its query has more than 8,192 characters.",
    next: "Shorten the address; a program should send the data in the body.",
    tone: "quiet",
  },
  "method-not-allowed": {
    status: 405,
    code: "method-not-allowed",
    title: "This method is not offered",
    detail: "CONNECT and TRACE are not passed on to any vault.",
    next: "Use another method.",
    tone: "quiet",
  },
  "headers-too-large": {
    status: 431,
    code: "headers-too-large",
    title: "The headers are too large",
    detail: "The browser sent more than 32 kB of headers; mostly that means too many cookies.",
    next: "Remove the cookies of this site and try again.",
    tone: "quiet",
  },
  "too-slow": {
    status: 408,
    code: "request-too-slow",
    title: "The request did not arrive in time",
    detail: "Its headers were not complete after 15 seconds.",
    next: "Try again.",
    tone: "quiet",
  },
};

export const refused = (why: keyof typeof refusals): Notice => refusals[why];

export const notHere: Notice = {
  status: 404,
  code: "no-such-page",
  title: "There is no such page",
  detail: "This is the platform's own address; it has one page only.",
  next: "Go to the start page.",
  tone: "quiet",
};
