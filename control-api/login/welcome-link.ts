import { day, later } from "../clock.ts";
import type { Transaction } from "../db/registry-database.ts";
import { newId } from "../ids.ts";
import { emailKey } from "../people/person-repository.ts";
import { derivedToken, type Tokens } from "../tokens.ts";
import { loginLinkRepository } from "./login-link-repository.ts";

/** Longer than a link that somebody waits for: this one comes by itself, and mail is read when people read mail. */
const welcomeLinkLastsMs = 3 * day;

/** Adds a login link, for one use, to the welcome mail for this address. Returns its id (UUID), of which its token is derived. */
export const addWelcomeLink = async (
  transaction: Transaction,
  tokens: Tokens,
  { email, at }: { readonly email: string; readonly at: Date },
): Promise<string> => {
  const id = newId();
  const link = {
    id,
    emailKey: emailKey(email),
    boundTo: null,
    address: "",
    createdAt: at,
    expiresAt: later(at, welcomeLinkLastsMs),
  };
  await loginLinkRepository(transaction).add(link, tokens.hash("login", derivedToken(tokens, "login", id)));
  return id;
};
