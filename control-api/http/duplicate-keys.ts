// Strings, and what opens, parts and closes; everything else in JSON cannot hold a key.
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Whether an object in this JSON names a field twice. Readers differ in which of the two they take, so that what one checks
 * is not what another does. What is no JSON at all is left to the parser.
 */
export const hasDuplicateKeys = (json: string): boolean => {
  /** The keys of each object that is open; null for an array. */
  const open: (Set<string> | null)[] = [];
  let last = "";
  for (const [text] of json.matchAll(token)) {
    if (text === "{") open.push(new Set());
    else if (text === "[") open.push(null);
    else if (text === "}" || text === "]") open.pop();
    else if (text === ":" && last.startsWith('"')) {
      const keys = open.at(-1);
      const key = last.includes("\\") ? unescaped(last) : last.slice(1, -1);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
    last = text;
  }
  return false;
};

const unescaped = (text: string): string => {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
};
