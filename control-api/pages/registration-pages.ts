import type { PendingRegistration } from "../contract/registrations.ts";
import { sessionLastsMs } from "../login/session-service.ts";
import type { Services } from "../services.ts";
import { html } from "./html.ts";
import type { PageAnswer, PageRoute, Visit } from "./page-route.ts";

/** Where the console shows how the vault comes alive; without JavaScript it leads to /status. */
const progressOf = (slug: string): string => `/onboarding/${slug}`;

const openPage = ({ words, formToken }: Visit, known: PendingRegistration): PageAnswer => {
  const { registration } = words;
  return {
    title: registration.title,
    body: html`<p class="soft">${registration.intro}</p>
      <dl>
        <dt>${registration.name}</dt>
        <dd><bdi>${known.name}</bdi></dd>
        <dt>${registration.type}</dt>
        <dd>${known.type === "umbrella" ? registration.umbrellaType : registration.collectiveType}</dd>
        <dt>${registration.address}</dt>
        <dd>${known.url}</dd>
        ${
          known.umbrella !== null &&
          html`<dt>${registration.umbrella}</dt>
            <dd>${known.umbrella}</dd>`
        }
        <dt>${registration.contact}</dt>
        <dd>${known.email}</dd>
      </dl>
      <form method="post">${formToken}<button class="button">${registration.confirm}</button></form>`,
  };
};

const show = async (visit: Visit, { registrations }: Services): Promise<PageAnswer> => {
  const known = await registrations.look(visit.param("token"));
  const { registration, link } = visit.words;
  if (known.state === "open") return openPage(visit, known);
  if (known.state === "expired") {
    const body = html`<p>${registration.expired}</p>
      <a class="button" href="/register">${registration.registerAgain}</a>`;
    return { title: registration.expiredTitle, status: 410, body };
  }
  if (visit.person?.email === known.email) return { to: progressOf(known.slug) };
  const login = `/login?next=${encodeURIComponent(progressOf(known.slug))}`;
  const body = html`<p>${registration.proven}</p>
    <a class="button" href="${login}">${link.logIn}</a>`;
  return { title: registration.provenTitle, status: 409, body };
};

const prove = async (visit: Visit, services: Services): Promise<PageAnswer> => {
  const { state } = await services.registrations.look(visit.param("token"));
  if (state !== "open") return show(visit, services);
  const { slug, session } = await services.registrations.prove(visit.param("token"), visit);
  visit.sender.logIn(session, sessionLastsMs);
  return { to: progressOf(slug) };
};

/** What the link in a registration's mail leads to. */
export const registrationPages: readonly PageRoute[] = [
  { method: "get", path: "/registrations/:token", limit: "guess", handle: show },
  { method: "post", path: "/registrations/:token", limit: "guess", handle: prove },
];
