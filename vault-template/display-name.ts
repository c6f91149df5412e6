/** Longest name of a person or a choir, in UTF-16 units, as the database checks it too. */
export const longestName = 200;

// Control characters end header lines and garble logs; bidirectional overrides can turn neighbouring text around.
// Joiners (emoji, Persian, Hindi) stay: names need them. Left-to-right and right-to-left marks stay too.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/gu;

/**
 * A name as people may see it anywhere (page, mail header, log): NFC, one line, no control characters and no
 * bidirectional overrides, trimmed. Returns null when nothing is left or it is too long.
 */
export function displayName(raw: string): string | null {
  const clean = raw.toWellFormed().normalize("NFC").replace(unsafe, " ").replace(/\s+/gu, " ").trim();
  return clean === "" || clean.length > longestName ? null : clean;
}
