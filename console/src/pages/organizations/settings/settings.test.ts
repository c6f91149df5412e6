import { describe, expect, it } from "@jest/globals";
import type { OrganizationView } from "../../../../../control-api/contract/organizations.ts";
import { changesOf, currencyChoices, settingsOf, timeZoneChoices } from "./settings.ts";

const organization = {
  name: "Alto Ensemble",
  legalName: "Alto Ensemble SA",
  category: null,
  contactEmail: "kari@alto.example",
  locale: "nb",
  timeZone: "Europe/Oslo",
  currency: null,
} as OrganizationView;

describe("O12: the settings' form", () => {
  it("sends nothing when nothing was changed", () =>
    expect(changesOf(organization, settingsOf(organization))).toEqual({}));
  it("sends only what was changed, trimmed, and null for what was emptied", () =>
    expect(
      changesOf(organization, { ...settingsOf(organization), name: " Alto ", legalName: " ", currency: "NOK" }),
    ).toEqual({ name: "Alto", legalName: null, currency: "NOK" }));
  it("sends an empty name, so that the API says what is wrong with it", () =>
    expect(changesOf(organization, { ...settingsOf(organization), name: "" })).toEqual({ name: "" }));
  it("offers each time zone once, the present one too", () => {
    const values = timeZoneChoices("Etc/Elsewhere").map(({ value }) => value);
    expect(values).toEqual(expect.arrayContaining(["UTC", "Europe/Oslo", "Etc/Elsewhere"]));
    expect(new Set(values).size).toBe(values.length);
  });
  it("names currencies in the reader's language", () =>
    expect(currencyChoices("nb").find(({ value }) => value === "NOK")?.label).toMatch(/^NOK · norske kroner$/));
});
