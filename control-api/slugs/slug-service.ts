import type { Clock } from "../clock.ts";
import type { Locale } from "../contract/fields.ts";
import type { SlugAvailability } from "../contract/slugs.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { slugRepository } from "./slug-repository.ts";
import { alternatives, hasSlugSyntax, slugSyntaxHelp, type SlugTrouble } from "./slug-rules.ts";

export interface SlugService {
  /** Whether it can be had now, why not, and what could be had instead. Tells nothing of who holds it. */
  availability(slug: string, locale?: Locale): Promise<SlugAvailability>;
  isReserved(slug: string): boolean;
}

export interface SlugServiceDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  /** Slugs of the platform itself. */
  readonly reserved: ReadonlySet<string>;
}

const messages: Record<SlugTrouble, string> = {
  syntax: slugSyntaxHelp,
  reserved: "The platform keeps this name for itself. Choose another.",
  taken: "This address is taken. Choose another.",
  confusable: "This looks too much like an address that is taken. Choose one that nobody can mistake.",
};

/** How many are offered. */
const offered = 3;

export const createSlugService = ({ registry, clock, reserved }: SlugServiceDeps): SlugService => {
  const isReserved = (slug: string) => reserved.has(slug) || /^(pg-|kube-|xn-)/.test(slug);
  return {
    isReserved,
    availability: async (slug) => {
      const wellFormed = hasSlugSyntax(slug);
      const others = alternatives(slug).filter((other) => !isReserved(other));
      const asked = wellFormed ? [slug, ...others] : others;
      const taken = await registry.queryAsPlatform((database) => slugRepository(database).taken(asked, clock.now()));
      const judged = (): SlugTrouble | undefined => {
        if (!wellFormed) return "syntax";
        return isReserved(slug) ? "reserved" : taken.get(slug);
      };
      const reason = judged();
      if (reason === undefined) return { slug, available: true, suggestions: [] };
      const suggestions = others.filter((other) => !taken.has(other)).slice(0, offered);
      return { slug, available: false, reason, message: messages[reason], suggestions };
    },
  };
};
