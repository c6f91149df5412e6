import type { FakeTimer } from "../../kube/fake-timer.ts";
import type { FakeRequest } from "./fake-route.ts";

/** What the person does in the browser, and what the server remembers. */
export type FakeLoginServer = {
  answer: (request: FakeRequest) => Response | undefined;
  personOf: (token: string) => string | undefined;
  confirm: (mail: string) => void;
  refuse: () => void;
  /** Tells the next poll to slow down. */
  hurry: () => void;
  /** Ends every access token, as time would. */
  expire: () => void;
  polls: number[];
  revoked: string[];
};

const error = (code: string): Response => Response.json({ error: code }, { status: 400 });

/** The device flow, refresh (each token once) and revocation, as RFC 8628 and RFC 7009 have them. */
export const createFakeLoginServer = (issuer: string, timer: () => FakeTimer): FakeLoginServer => {
  const access = new Map<string, string>();
  const refresh = new Map<string, string>();
  let [count, person, slow, refused] = [0, "", false, false];
  const polls: number[] = [];
  const revoked: string[] = [];

  const tokens = (mail: string): Response => {
    count += 1;
    access.set(`access-${count}`, mail);
    refresh.set(`refresh-${count}`, mail);
    const body = { access_token: `access-${count}`, refresh_token: `refresh-${count}`, token_type: "Bearer" };
    return Response.json({ ...body, expires_in: 900 });
  };
  const poll = (): Response => {
    polls.push(Math.round(timer().monotonicMs() / 1000));
    if (refused) return error("access_denied");
    if (slow) {
      slow = false;
      return error("slow_down");
    }
    return person === "" ? error("authorization_pending") : tokens(person);
  };
  const renew = (token: string): Response => {
    const mail = refresh.get(token);
    refresh.delete(token);
    return mail === undefined ? error("invalid_grant") : tokens(mail);
  };
  const pages: Readonly<Record<string, (form: URLSearchParams) => Response>> = {
    "/.well-known/openid-configuration": () =>
      Response.json({
        issuer,
        token_endpoint: `${issuer}/oidc/token`,
        device_authorization_endpoint: `${issuer}/oidc/device`,
        revocation_endpoint: `${issuer}/oidc/revoke`,
      }),
    "/oidc/device": () =>
      Response.json({
        device_code: "device",
        user_code: "BCDF-GHJK",
        verification_uri: `${issuer}/device`,
        verification_uri_complete: `${issuer}/device?user_code=BCDF-GHJK`,
        expires_in: 600,
      }),
    "/oidc/token": (form) =>
      form.get("grant_type") === "refresh_token" ? renew(form.get("refresh_token") ?? "") : poll(),
    "/oidc/revoke": (form) => {
      revoked.push(form.get("token") ?? "");
      return new Response(null, { status: 200 });
    },
  };
  return {
    answer: ({ url, body }) => pages[url.pathname]?.(new URLSearchParams(body)),
    personOf: (token) => access.get(token),
    confirm: (mail) => (person = mail),
    refuse: () => (refused = true),
    hurry: () => (slow = true),
    expire: () => access.clear(),
    polls,
    revoked,
  };
};
