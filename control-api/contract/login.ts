import { z } from "zod";
import { Email, Instant, LinkToken, locales } from "./fields.ts";
import { anyone, person, roles, route } from "./route-contract.ts";

export const LoginLinkAsked = z
  .object({
    code: z.string().meta({ description: "To be typed where the link is opened, should that be another browser." }),
    expiresAt: Instant,
    message: z.string(),
  })
  .meta({ id: "LoginLinkAsked" });

export const LinkState = z
  .object({
    state: z.enum(["open", "spent", "expired"]),
    needsCode: z.boolean().meta({ description: "It was asked for from another browser." }),
  })
  .meta({ id: "LoginLinkState" });
export type LinkState = z.infer<typeof LinkState>;

export const Me = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    locale: z.enum(locales),
    platformRole: z.enum(["admin", "support"]).nullable(),
    csrfToken: z.string().meta({ description: "Send it as X-CSRF-Token with every change." }),
    organizations: z.array(
      z.object({
        id: z.string(),
        slug: z.string(),
        name: z.string(),
        type: z.enum(["umbrella", "collective"]),
        role: z.enum(roles),
      }),
    ),
  })
  .meta({ id: "Me" });
export type Me = z.infer<typeof Me>;

export const SessionView = z
  .object({
    id: z.string(),
    current: z.boolean(),
    userAgent: z.string(),
    address: z.string(),
    createdAt: Instant,
    lastSeenAt: Instant,
    expiresAt: Instant,
  })
  .meta({ id: "Session" });

const Token = z.object({ token: LinkToken });

export const postLoginLink = route({
  method: "post",
  path: "/api/login-links",
  summary: "Ask for a mail with a login link; the answer is the same for addresses that nobody has",
  tag: "Login",
  allow: anyone,
  limit: "mail",
  status: 202,
  body: z.strictObject({ email: Email }),
  reply: LoginLinkAsked,
});

export const getLoginLink = route({
  method: "get",
  path: "/api/login-links/{token}",
  summary: "What a login link is good for; spends nothing",
  tag: "Login",
  allow: anyone,
  limit: "guess",
  status: 200,
  params: Token,
  reply: LinkState,
});

export const spendLoginLink = route({
  method: "post",
  path: "/api/login-links/{token}/session",
  summary: "Log in with a link, once",
  tag: "Login",
  allow: anyone,
  limit: "guess",
  status: 201,
  params: Token,
  body: z.strictObject({
    code: z
      .string()
      .regex(/^[0-9]{6}$/, "Six digits.")
      .optional(),
  }),
  reply: z.object({ message: z.string() }),
  problems: ["link-spent", "link-expired", "code-needed", "wrong-code"],
});

export const getMe = route({
  method: "get",
  path: "/api/me",
  summary: "Who is logged in, and in which organizations",
  tag: "Login",
  allow: person,
  limit: "read",
  status: 200,
  reply: Me,
});

export const getSessions = route({
  method: "get",
  path: "/api/me/sessions",
  summary: "Where this person is logged in",
  tag: "Login",
  allow: person,
  limit: "read",
  status: 200,
  reply: z.object({ items: z.array(SessionView) }),
});

export const deleteSession = route({
  method: "delete",
  path: "/api/me/sessions/{id}",
  summary: "End one login",
  tag: "Login",
  allow: person,
  limit: "write",
  status: 204,
  params: z.object({ id: z.string().max(100) }),
});

export const logOut = route({
  method: "delete",
  path: "/api/me/session",
  summary: "Log out",
  tag: "Login",
  allow: person,
  limit: "write",
  status: 204,
});
