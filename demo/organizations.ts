import { z } from "zod";
import { Me } from "../control-api/contract/login.ts";
import { PendingRegistration, ProvenRegistration, Registration } from "../control-api/contract/registrations.ts";
import { SlugAvailability } from "../control-api/contract/slugs.ts";
import { type ApiBrowser, createApiBrowser } from "./api-browser.ts";
import type { MailReader } from "./read-mail.ts";

/** What somebody fills in on the console's page "register". */
export interface Organization {
  readonly type: "umbrella" | "collective";
  readonly name: string;
  readonly slug: string;
  readonly contact: { readonly name: string; readonly email: string };
}

export const nordicChoirs: Organization = {
  type: "umbrella",
  name: "Nordic Choirs",
  slug: "nordic-choirs",
  contact: { name: "Ingrid Solberg", email: "ingrid@nordic-choirs.example" },
};

export const altoEnsemble: Organization = {
  type: "collective",
  name: "Alto Ensemble",
  slug: "alto-ensemble",
  contact: { name: "Kari Nordmann", email: "kari@alto-ensemble.example" },
};

export interface RegisterDeps {
  readonly consoleUrl: string;
  readonly mails: MailReader;
  readonly say: (line: string) => void;
}

const confirmation = (organization: Organization) => ({ to: organization.contact.email, subject: /^Confirm/ });

const isFree = async (browser: ApiBrowser, { slug }: Organization): Promise<boolean> =>
  (await browser.get(`/api/slugs/${slug}`, SlugAvailability)).available;

const beLoggedIn = async (browser: ApiBrowser): Promise<ApiBrowser> => {
  browser.useCsrfToken((await browser.get("/api/me", Me)).csrfToken);
  return browser;
};

/** Follows the link of the registration's mail, if it has not been followed. Resolves with the browser that is logged in then. */
const prove = async (
  organization: Organization,
  token: string | undefined,
  { consoleUrl, say }: RegisterDeps,
): Promise<ApiBrowser | undefined> => {
  if (token === undefined) return undefined;
  const browser = createApiBrowser(consoleUrl);
  const { state } = await browser.get(`/api/registrations/${token}`, PendingRegistration);
  if (state !== "open") return undefined;
  say(`${organization.contact.name} follows the link in the mail: ${organization.name} is registered`);
  await browser.post(`/api/registrations/${token}/proof`, undefined, ProvenRegistration);
  return beLoggedIn(browser);
};

/**
 * Registers an organization as a person would, by the form and the mail's link. One that is registered stays as it is;
 * one whose mail was never answered is taken up there. Resolves with the owner's browser when it was proven now.
 */
const register = async (
  organization: Organization,
  invitation: string | undefined,
  deps: RegisterDeps,
): Promise<ApiBrowser | undefined> => {
  const { consoleUrl, mails, say } = deps;
  const browser = createApiBrowser(consoleUrl);
  const seen = await mails.find(confirmation(organization));
  if (!(await isFree(browser, organization))) return prove(organization, seen, deps);
  say(`${organization.contact.name} registers ${organization.name} at ${consoleUrl}/register`);
  const form = { ...organization, ...(invitation !== undefined && { affiliationInvitation: invitation }) };
  await browser.post("/api/registrations", form, Registration);
  return prove(organization, await mails.await(confirmation(organization), seen), deps);
};

/** Logs in by a mailed link, in the browser that asked for it. */
const logIn = async ({ contact }: Organization, { consoleUrl, mails }: RegisterDeps): Promise<ApiBrowser> => {
  const browser = createApiBrowser(consoleUrl);
  const wanted = { to: contact.email, subject: /^Log in/ };
  const seen = await mails.find(wanted);
  await browser.post("/api/login-links", { email: contact.email }, z.object({ code: z.string() }));
  const token = await mails.await(wanted, seen);
  await browser.post(`/api/login-links/${token}/session`, {}, z.object({ message: z.string() }));
  return beLoggedIn(browser);
};

/** An umbrella's link by which one collective joins it. */
const invite = async (browser: ApiBrowser, umbrella: Organization, collective: Organization): Promise<string> => {
  const asked = { umbrella: umbrella.slug, label: collective.name };
  const { link } = await browser.post("/api/affiliation-invitations", asked, z.object({ link: z.url() }));
  return new URL(link).searchParams.get("invitation") ?? "";
};

/**
 * Registers an umbrella, and by its invitation a collective, so that both belong together at once. Can be run again: what
 * is there stays as it is, and what was cut short goes on.
 */
export const registerBoth = async (
  umbrella: Organization,
  collective: Organization,
  deps: RegisterDeps,
): Promise<void> => {
  const owner = await register(umbrella, undefined, deps);
  if (!(await isFree(createApiBrowser(deps.consoleUrl), collective))) {
    await register(collective, undefined, deps);
    return;
  }
  deps.say(`${umbrella.contact.name} invites ${collective.name} to ${umbrella.name}`);
  const invitation = await invite(owner ?? (await logIn(umbrella, deps)), umbrella, collective);
  await register(collective, invitation, deps);
};
