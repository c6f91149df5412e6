import { eventually } from "../harness/eventually.ts";
import type { ControlApi } from "./a-control-api.ts";
import { anApiClient, type ApiAnswer, type ApiClient } from "./an-api-client.ts";

/** What somebody fills in to register; `more` goes over it. */
export const aRegistration = (slug: string, email: string, more: object = {}) => ({
  type: "collective",
  name: `Choir ${slug}`,
  slug,
  contact: { name: "Kari Nordmann", email },
  ...more,
});

/** The token in the link of the newest mail to `email` with such a subject, once it is there. */
export const tokenInMail = async (
  { mails }: ControlApi,
  email: string,
  subject: RegExp,
  { withinMs = 60_000 } = {},
): Promise<string> => {
  let token = "";
  const isThere = () => {
    const mail = mails.list(email).find((one) => subject.test(one.subject));
    token = /\/(?:registrations|login|invitations)\/([A-Za-z0-9_-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
    return Promise.resolve(token !== "");
  };
  await eventually(`a mail to ${email}`, isThere, { withinMs });
  return token;
};

/** Registers as a browser would, through the mail, and is logged in as the owner. Returns the answer to the proof. */
export const registerAndProve = async (
  api: ControlApi,
  client: ApiClient,
  slug: string,
  email: string,
  more: object = {},
): Promise<ApiAnswer> => {
  const asked = await client.send("POST", "/api/registrations", aRegistration(slug, email, more));
  if (asked.status !== 202) throw new Error(`${slug} was not registered: ${JSON.stringify(asked.body)}`);
  const token = await tokenInMail(api, email, /Confirm|Bekreft/);
  const proven = await client.send("POST", `/api/registrations/${token}/proof`);
  await client.me();
  return proven;
};

/** Logs in by mail. */
export const logIn = async (api: ControlApi, email: string): Promise<ApiClient> => {
  const client = anApiClient(api.url);
  await client.send("POST", "/api/login-links", { email });
  const token = await tokenInMail(api, email, /Log in|Logg inn/);
  await client.send("POST", `/api/login-links/${token}/session`, {});
  await client.me();
  return client;
};
