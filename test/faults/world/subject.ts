import { shortId } from "../../../operator/tenant/names.ts";

/** What a plan is about: one vault, or one after the other under the same slug. */
export interface Subject {
  readonly slugs: string[];
  /** Vault ids in the order in which they came to be. */
  readonly vaults: string[];
  /** Vaults whose Tenant the plan has deleted: their namespaces may go. */
  readonly mayStop: Set<string>;
  /** Those of them that may be destroyed for good. */
  readonly mayGo: Set<string>;
  /** Other names that differ from run to run, such as a template's of its own. */
  readonly aliases: [name: string, alias: string][];
  /** Resolves once it is known whose vault id the next writes carry. */
  known: Promise<unknown>;
}

export const createSubject = (slug: string): Subject => ({
  slugs: [slug],
  vaults: [],
  mayStop: new Set(),
  mayGo: new Set(),
  aliases: [],
  known: Promise.resolve(),
});

/** The ways in which a vault id is written in names: as it is, as 32 digits, and short. */
export const formsOf = (vaultId: string): string[] => [vaultId, vaultId.replaceAll("-", ""), shortId(vaultId)];

export const concerns = (subject: Subject, text: string): boolean =>
  [...subject.slugs, ...subject.vaults.flatMap(formsOf), ...subject.aliases.map(([name]) => name)].some((name) =>
    text.includes(name),
  );

const numbered = (word: string, index: number): string => (index === 0 ? `<${word}>` : `<${word} ${index + 1}>`);

/** The text with names in it that are the same in every run. */
export const masked = (subject: Subject, text: string): string => {
  let result = text;
  for (const [index, vaultId] of subject.vaults.entries())
    for (const form of formsOf(vaultId)) result = result.replaceAll(form, numbered("vault", index));
  for (const [index, slug] of subject.slugs.entries()) result = result.replaceAll(slug, numbered("slug", index));
  for (const [name, alias] of subject.aliases) result = result.replaceAll(name, `<${alias}>`);
  return result;
};
