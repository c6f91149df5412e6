import { z } from "zod";
import { line, locales } from "./fields.ts";
import { person, route } from "./route-contract.ts";

export const AccountChange = z
  .strictObject({ name: line(200, "your name").optional(), locale: z.enum(locales).optional() })
  .meta({ id: "AccountChange" });
export type AccountChange = z.output<typeof AccountChange>;

export const patchMe = route({
  method: "patch",
  path: "/api/me",
  summary: "Change one's own name and the language of one's mails",
  tag: "Login",
  allow: person,
  limit: "write",
  status: 200,
  body: AccountChange,
  reply: z.object({ name: z.string(), locale: z.enum(locales) }).meta({ id: "Account" }),
});

export const logOutEverywhere = route({
  method: "delete",
  path: "/api/me/sessions",
  summary: "End all of one's logins, this one too",
  tag: "Login",
  allow: person,
  limit: "write",
  status: 204,
});
