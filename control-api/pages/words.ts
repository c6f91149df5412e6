import type { Locale } from "../contract/fields.ts";
import { english, type Words } from "./words-en.ts";
import { norwegian } from "./words-nb.ts";

const all: Record<Locale, Words> = { en: english, nb: norwegian };

/** What the pages without JavaScript say. */
export const wordsIn = (locale: Locale): Words => all[locale];
