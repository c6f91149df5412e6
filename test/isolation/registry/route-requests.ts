import { randomBytes } from "node:crypto";
import { aRegistration } from "../../builders/a-registered-organization.ts";
import type { RegistryScene } from "./registry-scene.ts";

/** What is asked of a route: the places of its path filled in, and a body. */
export interface RouteRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `letThrough`: whoever asks is to be let through, so what is asked must leave the scene as the next ones need it. */
export type MakeRequest = (scene: RegistryScene, letThrough: boolean) => RouteRequest | Promise<RouteRequest>;

const plain: MakeRequest = () => ({});
const withReason: MakeRequest = () => ({ body: { reason: "Asked for by phone" } });
const withToken =
  (name: keyof RegistryScene["tokens"], body?: unknown): MakeRequest =>
  ({ tokens }) => ({ path: { token: tokens[name] }, body });

/** A request for the staff's answer; who is let through asks for one that was answered. */
const answered: MakeRequest = ({ ids }, letThrough) => ({
  path: { id: letThrough ? ids.approvedRequest : ids.pendingRequest },
  body: {},
});

/** What is done only when the organization's name is typed; who is let through mistypes it. */
const typedName: MakeRequest = ({ slugs }, letThrough) => ({
  body: { confirm: letThrough ? "mistyped" : slugs.collective },
});

const fresh = (): string => `new${randomBytes(4).toString("hex")}`;

const register: MakeRequest = () => {
  const slug = fresh();
  return { body: aRegistration(slug, `kari@${slug}.example`) };
};

/** A piece of work that was given up. */
const work: MakeRequest = async ({ freshWork }) => ({ path: { id: await freshWork() } });

/** As who-may.txt names it. */
export const routeName = ({ method, path }: { method: string; path: string }): string =>
  `${method.toUpperCase()} ${path}`;

/** A route's path with its {places} filled in. */
export const fillPath = (path: string, places: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_place, name: string) => encodeURIComponent(places[name] ?? "x"));

/** The request behind each line of who-may.txt. {slug} is the collective's where nothing else is said. */
export const routeRequests: Readonly<Record<string, MakeRequest>> = {
  "GET /api/slugs/{slug}": plain,
  "GET /api/templates": plain,
  "POST /api/registrations": register,
  "GET /api/registrations/{token}": withToken("openRegistration"),
  "POST /api/registrations/{token}/proof": withToken("provenRegistration"),
  "POST /api/login-links": () => ({ body: { email: `${fresh()}@nobody.example` } }),
  "GET /api/login-links/{token}": withToken("spentLogin"),
  "POST /api/login-links/{token}/session": withToken("spentLogin", {}),
  "GET /api/me": plain,
  "PATCH /api/me": () => ({ body: { locale: "en" } }),
  "GET /api/me/sessions": plain,
  "DELETE /api/me/sessions": plain,
  "DELETE /api/me/sessions/{id}": ({ ids }) => ({ path: { id: ids.session } }),
  "DELETE /api/me/session": plain,
  "GET /api/organizations/{slug}": plain,
  "PATCH /api/organizations/{slug}": () => ({ body: { timeZone: "Europe/Oslo" } }),
  "GET /api/organizations/{slug}/provisioning": plain,
  "POST /api/organizations/{slug}/provisioning/retry": plain,
  "POST /api/organizations/{slug}/provisioning/cancel": typedName,
  "GET /api/organizations/{slug}/members": plain,
  "PATCH /api/organizations/{slug}/members/{person}": ({ ids }, letThrough) => ({
    path: { person: ids.member.own },
    body: { role: letThrough ? "viewer" : "admin" },
  }),
  "DELETE /api/organizations/{slug}/members/{person}": async ({ ids, freshMember }, letThrough) => ({
    path: { person: letThrough ? await freshMember() : ids.member.own },
  }),
  "GET /api/organizations/{slug}/invitations": plain,
  "POST /api/organizations/{slug}/invitations": () => ({ body: { email: `${fresh()}@invited.example` } }),
  "DELETE /api/organizations/{slug}/invitations/{id}": async ({ ids, freshInvitation }, letThrough) => ({
    path: { id: letThrough ? await freshInvitation() : ids.invitation.own },
  }),
  "GET /api/invitations/{token}": withToken("acceptedInvitation"),
  "POST /api/invitations/{token}/acceptance": withToken("acceptedInvitation", { name: "Somebody" }),
  "POST /api/organizations/{slug}/closing": typedName,
  "POST /api/organizations/{slug}/transfer": ({ slugs, ids }, letThrough) => ({
    body: { to: ids.member.own, confirm: letThrough ? "mistyped" : slugs.collective },
  }),
  "GET /api/organizations/{slug}/audit": plain,
  "GET /api/organizations/{slug}/audit/export": plain,
  "GET /api/organizations/{slug}/affiliations": plain,
  "POST /api/organizations/{slug}/affiliations/{other}/end": ({ slugs }, letThrough) => ({
    path: { other: slugs.umbrella },
    body: { confirm: letThrough ? "mistyped" : slugs.umbrella },
  }),
  "POST /api/affiliation-requests": ({ slugs }) => ({
    body: { collective: slugs.collective, umbrella: slugs.askedUmbrella },
  }),
  "POST /api/affiliation-requests/{id}/approve": answered,
  "POST /api/affiliation-requests/{id}/reject": answered,
  "POST /api/affiliation-requests/{id}/withdraw": answered,
  "POST /api/affiliation-invitations": ({ slugs }) => ({ body: { umbrella: slugs.umbrella } }),
  "POST /api/affiliation-invitations/{token}/acceptance": ({ slugs, tokens }) => ({
    path: { token: tokens.affiliationInvitation },
    body: { collective: slugs.collective },
  }),
  "DELETE /api/affiliation-invitations/{id}": ({ ids }) => ({ path: { id: ids.affiliationInvitation } }),
  "GET /api/affiliation-invitations/{token}/umbrella": withToken("affiliationInvitation"),
  "GET /api/admin/tenants": plain,
  "GET /api/admin/tenants/{slug}": plain,
  "GET /api/admin/tenants/{slug}/timeline": plain,
  "POST /api/admin/organizations/{slug}/approve": plain,
  "POST /api/admin/organizations/{slug}/reject": withReason,
  "POST /api/admin/organizations/{slug}/cancel": withReason,
  "POST /api/admin/tenants/{slug}/suspend": withReason,
  "POST /api/admin/tenants/{slug}/resume": plain,
  "POST /api/admin/tenants/{slug}/retry": plain,
  "POST /api/admin/organizations": register,
  "GET /api/admin/registrations": plain,
  "DELETE /api/admin/registrations/{id}": async ({ ids, freshRegistration }, letThrough) => ({
    path: { id: letThrough ? await freshRegistration() : ids.registration },
  }),
  "GET /api/admin/queue": plain,
  "POST /api/admin/queue/{id}/retry": work,
  "DELETE /api/admin/queue/{id}": work,
  "GET /api/admin/health": plain,
  "GET /api/admin/audit": plain,
  "GET /api/admin/audit/export": plain,
  "GET /api/admin/audit/verification": plain,
};
