/** Longest name of a person or a choir, in characters (code points), as the database checks it too. */
export const longestName = 200;

// Control characters end header lines and garble logs; bidirectional overrides can turn neighbouring text around.
// Joiners (emoji, Persian, Hindi) stay: names need them. Left-to-right and right-to-left marks stay too.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/gu;

const tidy = (text: string): string => text.replace(unsafe, " ").replace(/\s+/gu, " ").trim();

/**
 * A name as people may see it anywhere (page, mail header, log): NFC, one line, no control characters and no
 * bidirectional overrides, trimmed. Returns null when nothing is left or it is too long.
 */
export function displayName(raw: string): string | null {
  const typed = tidy(raw.toWellFormed());
  if (typed === "" || Array.from(typed).length > longestName) return null;
  // A few letters of Hebrew, Hindi and others grow by NFC; that makes nobody's name too long.
  return Array.from(typed.normalize("NFC")).slice(0, longestName).join("");
}
