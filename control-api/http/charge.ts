import type { Request, Response } from "express";
import type { Limit } from "../contract/route-contract.ts";
import type { Person } from "./call.ts";
import type { RateLimits } from "./rate-limits.ts";

/** The address of the visitor, as the proxy in front says. */
export const addressOf = (request: Request): string => request.ip ?? "";

/**
 * Whose budgets a request is taken from. Whoever is logged in has one of their own, so that nobody who shares their address
 * can use it up; what sends mails or guesses secrets counts by address too, as accounts are cheap.
 */
const budgetsOf = (limit: Limit, address: string, person: Person | null): string[] => {
  if (person === null) return [`address ${address}`];
  const account = `account ${person.id}`;
  return limit === "mail" || limit === "guess" ? [account, `address ${address}`] : [account];
};

/** Takes a request from its budgets and says in its answer what is left of the tightest. Throws 429. */
export const charge = async (
  limits: RateLimits,
  limit: Limit,
  { request, response, person }: { request: Request; response: Response; person: Person | null },
): Promise<void> => {
  const taken = [];
  for (const budget of budgetsOf(limit, addressOf(request), person)) taken.push(await limits.take(limit, budget));
  const [tightest] = taken.sort((a, b) => a.remaining - b.remaining);
  if (!tightest) return;
  const { limit: most, remaining, resetSeconds, windowSeconds } = tightest;
  response.set({
    RateLimit: `limit=${String(most)}, remaining=${String(remaining)}, reset=${String(resetSeconds)}`,
    "RateLimit-Policy": `${String(most)};w=${String(windowSeconds)}`,
  });
};
