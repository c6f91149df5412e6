import { slugPattern } from "../contract/fields.ts";

/** Why a slug cannot be had. */
export type SlugTrouble = "syntax" | "reserved" | "taken" | "confusable";

export const slugSyntaxHelp =
  "Use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter and not ending in a hyphen, for example alto-ensemble.";

export const hasSlugSyntax = (text: string): boolean => slugPattern.test(text) && !text.includes("--");

const lookalikes: [RegExp, string][] = [
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/cl/g, "d"],
  [/[1i]/g, "l"],
  [/0/g, "o"],
  [/5/g, "s"],
  [/-/g, ""],
];

/** Two slugs that fold to the same are too like each other for a person to tell apart. */
export const foldSlug = (slug: string): string =>
  lookalikes.reduce((text, [pattern, twin]) => text.replace(pattern, twin), slug);

/** A slug out of a name: "Ålesund Kammerkor" gives alesund-kammerkor. "" when no letter is left. */
export const slugFromName = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("æ", "ae")
    .replaceAll("ø", "o")
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 40)
    .replace(/-+$/, "");

const endings = ["choir", "singers", "music", "2", "3", "4"];

/** Others that come near `wanted`, to be looked up: at most eight, all well formed, none of them `wanted` itself. */
export const alternatives = (wanted: string): string[] => {
  const stem = slugFromName(wanted) || "choir";
  return [stem, ...endings.map((ending) => `${stem.slice(0, 32).replace(/-+$/, "")}-${ending}`)].filter(
    (slug) => slug !== wanted && hasSlugSyntax(slug),
  );
};
