import { later, type Clock } from "../clock.ts";
import type { Database } from "../db/connect.ts";
import { databaseTrouble } from "../db/database-errors.ts";
import { displayName } from "../display-name.ts";
import { emailAddress } from "../email-address.ts";
import { sessionLife } from "../login/login-service.ts";
import { sessionRepository } from "../login/session-repository.ts";
import { memberRepository } from "../members/member-repository.ts";
import type { Tokens } from "../tokens.ts";
import { loginAttempt } from "./login-attempt.ts";
import type { RegistryClient, RegistryPerson } from "./registry-client.ts";
import { registryRefused } from "./registry-errors.ts";

export interface RegistryLogin {
  /** Where the browser goes, and the secret that it keeps meanwhile. Throws registryAway. */
  begin(): Promise<{ url: string; secret: string }>;
  isIssuer(issuer: string): boolean;
  /** Opens a session for whom the registry names; returns its token. Throws registryAway, registryRefused. */
  finish(code: string, secret: string): Promise<string>;
}

export interface RegistryLoginDeps {
  database: Database;
  client: RegistryClient;
  tokens: Tokens;
  clock: Clock;
}

/** Who has this address is that member, whatever the registry calls them; anybody else is made one, as what it says. */
const openSession = async (deps: RegistryLoginDeps, person: RegistryPerson): Promise<string> => {
  const { database, tokens, clock } = deps;
  const email = emailAddress(person.email);
  const name = displayName(person.name);
  if (email === null || name === null) throw registryRefused();
  const now = clock.now();
  const sessionToken = tokens.fresh();
  const memberId = await database.transaction(async (transaction) => {
    const members = memberRepository(transaction);
    const added = { email, name, role: person.role, namedByPlatform: false, at: now, firstLoginAt: now };
    const member =
      (await members.findByEmail(email)) ?? (await members.add(added)) ?? (await members.findByEmail(email));
    if (!member) throw registryRefused();
    const sessions = sessionRepository(transaction);
    await sessions.forgetExpired(now);
    await sessions.add(member.id, tokens.hash("session", sessionToken), now, later(now, sessionLife));
    return member.id;
  });
  // While read-only it cannot be noted, and need not be.
  await memberRepository(database)
    .noteFirstLogin(memberId, now)
    .catch((error: unknown) => {
      if (databaseTrouble(error) !== "read-only") throw error;
    });
  return sessionToken;
};

/** Logging in with Polyphony. */
export function registryLogin(deps: RegistryLoginDeps): RegistryLogin {
  const { client, tokens } = deps;
  return {
    isIssuer: (issuer) => client.isIssuer(issuer),
    begin: async () => {
      const secret = tokens.fresh();
      return { secret, url: await client.loginUrl(loginAttempt(secret)) };
    },
    finish: async (code, secret) => openSession(deps, await client.redeem(code, loginAttempt(secret))),
  };
}
