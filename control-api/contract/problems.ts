/**
 * Every problem that the API answers with. Its code, the last part of its `type`, is stable, and always has this status and
 * title; clients may have words of their own for each.
 */
export const problems = {
  "affiliation-state": { status: 409, title: "The affiliation stands otherwise by now" },
  "code-needed": { status: 422, title: "The link was asked for in another browser, which shows a code" },
  decided: { status: 409, title: "This was decided already" },
  "idempotency-key-reused": { status: 422, title: "The Idempotency-Key was used for another request" },
  "in-progress": { status: 409, title: "A request with this Idempotency-Key is under way" },
  "invalid-cursor": { status: 400, title: "The cursor is none of ours" },
  "invalid-idempotency-key": { status: 400, title: "The Idempotency-Key is not well formed" },
  "invalid-input": { status: 422, title: "A field is not right" },
  "invalid-parameter": { status: 400, title: "A parameter of the address is not right" },
  "invitation-not-open": { status: 409, title: "The invitation is not open any more" },
  "last-owner": { status: 409, title: "An organization needs an owner" },
  "link-expired": { status: 410, title: "This link has expired" },
  "link-spent": { status: 409, title: "This link was used" },
  "login-expired": { status: 410, title: "The login took too long" },
  "login-needed": { status: 401, title: "Log in first" },
  malformed: { status: 400, title: "The body is not well-formed JSON" },
  "member-already": { status: 409, title: "Somebody with this address is a member already" },
  "method-not-allowed": { status: 405, title: "This method is not offered here" },
  "not-allowed": { status: 403, title: "That is not yours to do" },
  "not-available": { status: 503, title: "Not available for a moment" },
  "not-found": { status: 404, title: "Not there, or not yours to see" },
  "slug-reserved": { status: 409, title: "The address is reserved" },
  "slug-taken": { status: 409, title: "The address is taken, or too like one that is" },
  "too-large": { status: 413, title: "The body is too large" },
  "too-many-organizations": { status: 409, title: "This account owns as many organizations as one may" },
  "too-many-requests": { status: 429, title: "Too many tries" },
  unexpected: { status: 500, title: "Something went wrong" },
  "unsupported-media-type": { status: 415, title: "The body is not JSON in UTF-8" },
  "vault-live": { status: 409, title: "The vault is in use already" },
  "version-changed": { status: 412, title: "It was changed meanwhile" },
  "wrong-code": { status: 422, title: "That is not the code" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof problems;

/** A code is the last part of the `type`, after this. */
export const problemTypeBase = "https://polyphony.dev/problems/";
