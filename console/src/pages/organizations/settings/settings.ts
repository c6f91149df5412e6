import type { Locale } from "../../../../../control-api/contract/fields.ts";
import type { OrganizationChange, OrganizationView } from "../../../../../control-api/contract/organizations.ts";

/** What stands in the form; "" for what is left empty. */
export interface Settings {
  readonly name: string;
  readonly legalName: string;
  readonly category: string;
  readonly contactEmail: string;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly currency: string;
}

export const settingsOf = (organization: OrganizationView): Settings => ({
  name: organization.name,
  legalName: organization.legalName ?? "",
  category: organization.category ?? "",
  contactEmail: organization.contactEmail,
  locale: organization.locale,
  timeZone: organization.timeZone,
  currency: organization.currency ?? "",
});

const nullable: readonly (keyof Settings)[] = ["legalName", "category", "currency"];

/** Only what was changed, as the API takes it: what may be empty becomes null. Pure. */
export const changesOf = (organization: OrganizationView, settings: Settings): OrganizationChange => {
  const before = settingsOf(organization);
  const changed = (Object.keys(settings) as (keyof Settings)[]).filter((key) => settings[key].trim() !== before[key]);
  return Object.fromEntries(
    changed.map((key) => {
      const value = settings[key].trim();
      return [key, value === "" && nullable.includes(key) ? null : value];
    }),
  );
};

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Every time zone there is, with the present one, spelt for people: "Europe/Oslo". */
export const timeZoneChoices = (present: string): Choice[] =>
  [...new Set(["UTC", present, ...Intl.supportedValuesOf("timeZone")])].map((value) => ({
    value,
    label: value.replaceAll("_", " "),
  }));

/** Every currency there is, by its code: "NOK · Norwegian krone". */
export const currencyChoices = (language: string): Choice[] => {
  const names = new Intl.DisplayNames([language], { type: "currency" });
  return Intl.supportedValuesOf("currency").map((value) => ({
    value,
    label: `${value} · ${names.of(value) ?? value}`,
  }));
};
