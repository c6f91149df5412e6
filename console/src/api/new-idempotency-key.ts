/** A key of its own for what must be done once. Not `randomUUID`: browsers offer that to pages by https only. */
export const newIdempotencyKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");
