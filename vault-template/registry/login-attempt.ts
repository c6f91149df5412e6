import { createHash } from "node:crypto";

/** What goes with one login from its start to its end. */
export interface LoginAttempt {
  /** Comes back with the answer: that it is an answer to this browser's question. */
  state: string;
  /** Comes back in the ID token: that it was made for this login. */
  nonce: string;
  /** Proves, when the code is handed in, that we are the ones who asked (PKCE). */
  verifier: string;
  challenge: string;
}

const digest = (text: string): string => createHash("sha256").update(text).digest("base64url");

/**
 * All of it comes from one random secret that only this browser's cookie has. No key of the vault is in it, so that any
 * pod finishes what another began, also while keys are replaced.
 */
export const loginAttempt = (secret: string): LoginAttempt => {
  const of = (purpose: string) => digest(`${purpose}\n${secret}`);
  const verifier = of("verifier");
  return { state: of("state"), nonce: of("nonce"), verifier, challenge: digest(verifier) };
};
