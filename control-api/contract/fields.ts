import { z } from "zod";

export const locales = ["en", "nb"] as const;
export type Locale = (typeof locales)[number];

export const slugPattern = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;

/** The name in a vault's address. */
export const Slug = z
  .string()
  .regex(
    slugPattern,
    "Use 2 to 40 lower-case letters, digits and hyphens, beginning with a letter, for example alto-ensemble.",
  )
  .refine((text) => !text.includes("--"), "Use single hyphens only, for example alto-ensemble.")
  .meta({ description: "The name in a vault's address.", examples: ["alto-ensemble"] });

const controls = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const visible = /[\p{L}\p{N}\p{S}\p{P}]/u;

/** A line of text for people: trimmed, in one Unicode form, without control or direction characters. */
export const line = (max: number, what: string) =>
  z
    .string()
    .transform((text) => text.normalize("NFC").trim())
    .pipe(
      z
        .string()
        .min(1, `Write ${what}.`)
        .max(max, `Write ${what} with at most ${String(max)} characters.`)
        .refine((text) => !controls.test(text), `Write ${what} on one line, without control characters.`)
        .refine(
          (text) => text === "" || visible.test(text),
          `Write ${what} with a letter, a digit or a sign that can be seen.`,
        ),
    );

// The plain form of RFC 5321, as Tenants and vaults take it: what is accepted here must not keep a vault from starting.
const plainAddress =
  /^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** One mail address. What comes after the @ is put in lower case; plus tags are kept. */
export const Email = z
  .string()
  .transform((text) => text.trim())
  .pipe(
    z
      .string()
      .max(254, "Write a mail address with at most 254 characters.")
      .regex(plainAddress, "Write one mail address, for example kari@alto-ensemble.example."),
  )
  .transform((text) => text.replace(/@.*$/, (domain) => domain.toLowerCase()))
  .meta({ description: "One mail address.", examples: ["kari@alto-ensemble.example"] });

export const OrganizationType = z.enum(["umbrella", "collective"], {
  error: "Choose umbrella (an association) or collective (one choir).",
});

export const LocaleField = z.enum(locales).default("en");

export const Instant = z.iso.datetime().meta({ description: "RFC 3339, UTC." });

/** Why staff do something to a customer, in words that the customer may read. */
export const reason = z
  .string()
  .transform((text) => text.normalize("NFC").trim())
  .pipe(
    z
      .string()
      .max(300, "Write at most 300 characters.")
      .refine((text) => !controls.test(text), "Write the reason on one line, without control characters."),
  )
  .default("");

const brokenLink = "This link is not whole. Copy all of it and try again.";

/** The secret in a link that somebody was sent. */
export const LinkToken = z.string().min(20, brokenLink).max(100, brokenLink);

/** A whole number from one on. `what` completes "Write …". */
export const count = (most: number, what: string) => {
  const error = `Write ${what} as a whole number from 1 to ${String(most)}.`;
  return z.int(error).min(1, error).max(most, error);
};
