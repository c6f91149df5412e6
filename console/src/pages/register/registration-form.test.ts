import { describe, expect, it } from "@jest/globals";
import { emptyForm, registrationOf, wrongFields } from "./registration-form.ts";

const circumstances = { slug: "alto-ensemble", locale: "nb", invitation: "" } as const;
const form = { ...emptyForm, name: "Alto Ensemble", contactName: "Kari Nordmann", email: "kari@alto.example" };

describe("O1: what the form of /register sends", () => {
  it("is right when everything is filled in", () => {
    const sent = registrationOf(form, circumstances);
    expect(wrongFields(sent)).toEqual([]);
    expect(sent).toMatchObject({ slug: "alto-ensemble", locale: "nb", contact: { email: "kari@alto.example" } });
  });
  it("names every field that is missing, in the order of the form", () => {
    expect(wrongFields(registrationOf(emptyForm, { ...circumstances, slug: "" }))).toEqual([
      "/name",
      "/slug",
      "/contact/name",
      "/contact/email",
    ]);
  });
  it("asks an umbrella for no umbrella, whatever was typed before", () => {
    const sent = registrationOf({ ...form, type: "umbrella", umbrella: "nordic-choirs" }, circumstances);
    expect(sent).not.toHaveProperty("umbrella");
    expect(wrongFields(sent)).toEqual([]);
  });
  it("lets an invitation's link go before an umbrella that was typed", () => {
    const sent = registrationOf({ ...form, umbrella: "nordic-choirs" }, { ...circumstances, invitation: "token" });
    expect(sent).toMatchObject({ affiliationInvitation: "token" });
    expect(sent).not.toHaveProperty("umbrella");
  });
  it("O13: names the template that was chosen, and leaves the choice to the API where there was none", () => {
    expect(registrationOf({ ...form, template: "band" }, circumstances)).toMatchObject({ template: "band" });
    expect(registrationOf(form, circumstances)).not.toHaveProperty("template");
  });
  it("says when the umbrella's address cannot be one", () => {
    expect(wrongFields(registrationOf({ ...form, umbrella: "Nordic Choirs" }, circumstances))).toEqual(["/umbrella"]);
  });
});
