import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { routes } from "../../control-api/routes.ts";
import type { RouteContract } from "../../control-api/contract/route-contract.ts";
import { anApiClient } from "../builders/an-api-client.ts";
import { countAttempts } from "../isolation/attempts.ts";
import { registryDigest } from "../isolation/registry/registry-digest.ts";
import { setRegistryScene, type RegistryScene } from "../isolation/registry/registry-scene.ts";
import { fillPath, routeName, routeRequests } from "../isolation/registry/route-requests.ts";
import { isRefusal, readWhoMay } from "../isolation/registry/who-may.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const count = countAttempts("A2", "fields, headers and parameters that claim another organization, role or owner");
const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
let scene: RegistryScene;

beforeAll(async () => {
  scene = await setRegistryScene(api());
});
afterAll(() => count.finish());

/** Somebody whom the route lets through. */
const callerOf = (route: string): string => {
  const told = readWhoMay().find((one) => one.route === route)?.told ?? new Map<string, number>();
  return [...told].find(([caller, status]) => caller !== "anonymous" && !isRefusal(status))?.[0] ?? "owner";
};

const ask = async (contract: RouteContract, more: { field?: object; headers?: Record<string, string> }) => {
  const route = routeName(contract);
  const { path = {}, body } = (await routeRequests[route]?.(scene, true)) ?? {};
  const places: Record<string, string> = { slug: scene.slugs.collective, ...path };
  const target = fillPath(contract.path, places);
  const sent = more.field ? { ...(body as object), ...more.field } : body;
  const headers = { ...scene.callers.get(callerOf(route)), ...more.headers };
  return anApiClient(api().url).send(contract.method.toUpperCase(), target, sent, headers);
};

/** What somebody would like to say of themselves. */
const claims: Readonly<Record<string, unknown>> = {
  tenant_id: "00000000-0000-7000-8000-000000000000",
  organizationId: "org_00000000000000000000000000000000",
  organization_id: "00000000-0000-7000-8000-000000000000",
  personId: "per_00000000000000000000000000000000",
  owner: true,
  platformRole: "admin",
  platform_role: "admin",
  plan: "unlimited",
  subscription: "active",
  status: "approved",
  approval: "approved",
  storage_limit: 1e12,
  version: 1,
  id: "org_00000000000000000000000000000000",
  createdAt: "2000-01-01T00:00:00Z",
  isAdmin: true,
};

const withBody = routes.map(({ contract }) => contract).filter(({ body }) => body !== undefined);

describe("A2: what a body may not say", () => {
  it.each(withBody.map((contract) => ({ name: routeName(contract), contract })))(
    "$name",
    async ({ name, contract }) => {
      const before = await registryDigest(api().registry);
      for (const [field, value] of Object.entries(claims)) {
        const { status, body } = await ask(contract, { field: { [field]: value } });
        count.tried(`${name} with ${field} was told ${String(status)}`, status === 422);
        expect([field, status]).toEqual([field, 422]);
        expect(body.errors.map(({ detail }) => detail).join()).toContain(field);
      }
      expect(await registryDigest(api().registry)).toBe(before);
    },
  );
});

const impostors: Readonly<Record<string, (scene: RegistryScene) => string>> = {
  "X-Tenant": ({ slugs }) => slugs.collective,
  "X-Tenant-Id": ({ slugs }) => slugs.collective,
  "X-Organization": ({ slugs }) => slugs.collective,
  "X-Forwarded-User": () => "owner",
  "X-Remote-User": () => "owner",
  "X-User-Role": () => "owner",
  "X-Original-URL": () => "/api/admin/tenants",
  "X-Rewrite-URL": () => "/api/admin/tenants",
  "X-Forwarded-Host": () => "console.attacker.example",
  "X-HTTP-Method-Override": () => "DELETE",
  "X-Method-Override": () => "DELETE",
};

describe("A2: what headers and parameters may not say", () => {
  it.each(Object.entries(impostors))("%s changes nobody's rights and no method", async (header, value) => {
    const path = `/api/organizations/${scene.slugs.collective}`;
    const headers = { ...scene.callers.get("other-owner"), [header]: value(scene) };
    const before = await registryDigest(api().registry);
    const tries = [
      [404, await anApiClient(api().url).get(path, headers)],
      [404, await anApiClient(api().url).send("PATCH", path, { timeZone: "UTC" }, headers)],
      [404, await anApiClient(api().url).get("/api/admin/tenants", headers)],
      [200, await anApiClient(api().url).get("/api/me", headers)],
    ] as const;
    for (const [status, answer] of tries) {
      count.tried(`${header} was told ${String(answer.status)}`, answer.status === status);
      expect(answer.status).toBe(status);
      expect(JSON.stringify([...answer.headers])).not.toContain("attacker");
    }
    expect(await registryDigest(api().registry)).toBe(before);
  });

  it.each(["limit=1&limit=200", "limit[]=1", "phase=Active&phase=Failed", "search=a&search=b"])(
    "a parameter said twice (%s) is refused or counts as none",
    async (query) => {
      const { status } = await anApiClient(api().url).get(`/api/admin/tenants?${query}`, scene.callers.get("staff"));
      count.tried(`${query} was told ${String(status)}`, status < 500);
      expect([200, 400]).toContain(status);
    },
  );

  it("names the caller's own organization from the login, not from the query", async () => {
    const client = scene.client("other-owner");
    const { body } = await client.get(`/api/me?organization=${scene.slugs.collective}&person=owner&slug=x`);
    expect(body["organizations"]).toMatchObject([{ slug: scene.slugs.other }]);
  });
});

describe("A2: what is not told", () => {
  /** The one token that pages need, and what is shown once on purpose. */
  const toldOnPurpose = ["csrfToken"];

  it("no answer to a GET holds a hash, a token or a key", async () => {
    const { rows } = await api().registry.asPlatform((transaction) =>
      transaction.raw<{ rows: { hash: string }[] }>(
        "SELECT token_hash AS hash FROM sessions UNION ALL SELECT token_hash FROM invitations UNION ALL SELECT token_hash FROM registrations",
      ),
    );
    const gets = routes.map(({ contract }) => contract).filter(({ method }) => method === "get");
    for (const contract of gets) {
      const { body } = await ask(contract, {});
      const text = JSON.stringify(body);
      const named = [...text.matchAll(/"(\w*(?:token|hash|secret|password|key)\w*)":/gi)].map(([, name = ""]) => name);
      // The export's own hashes are there so that its readers can check the chain.
      const secrets = contract.path.includes("/audit/export")
        ? []
        : named.filter((one) => !toldOnPurpose.includes(one));
      const leaked = rows.filter(({ hash }) => text.includes(hash));
      count.tried(`${routeName(contract)} tells ${secrets.join()}`, secrets.length === 0 && leaked.length === 0);
      expect([routeName(contract), secrets, leaked]).toEqual([routeName(contract), [], []]);
    }
  });
});
