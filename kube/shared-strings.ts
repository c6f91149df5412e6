/** Gives back a value in which strings that came before are the very same strings, so that memory holds them once. */
export type Share = <T>(value: T) => T;

/** V8 keeps one copy of shorter strings by itself; longer ones are seldom the same twice. */
const shortest = 11;
const longest = 256;
/** How many strings are remembered by a hash, to be known when they come a second time. */
const remembered = 1 << 16;

/** FNV-1a with 32 bits. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/**
 * JSON.parse makes each string anew, and thousands of cached objects say the same: the namespace they are in, the words
 * of a condition. Only what was met twice is kept, so that names and ids that are one object's alone cost nothing.
 * Changes plain objects and arrays in place, unless they are frozen.
 * @param most strings kept at most
 */
export const createSharedStrings = (most = 50_000): Share => {
  const kept = new Map<string, string>();
  const met = new Uint32Array(remembered);
  const shareText = (text: string): string => {
    if (text.length < shortest || text.length > longest) return text;
    const known = kept.get(text);
    if (known !== undefined) return known;
    const hash = hashOf(text);
    const at = hash % remembered;
    if (met[at] !== hash) met[at] = hash;
    else if (kept.size < most) kept.set(text, text);
    return text;
  };
  const share = (value: unknown): unknown => {
    if (typeof value === "string") return shareText(value);
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
    const fields = value as Record<string, unknown>;
    for (const key of Object.keys(fields)) {
      const field = fields[key];
      if (typeof field === "string") fields[key] = shareText(field);
      else if (typeof field === "object" && field !== null) share(field);
    }
    return value;
  };
  return share as Share;
};
