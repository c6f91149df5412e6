import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contexts, readContexts, writeContexts } from "../login/contexts.ts";
import { affiliationRoutes } from "./fake-affiliation-routes.ts";
import { createFakeLoginServer, type FakeLoginServer } from "./fake-login-server.ts";
import { platformRoutes } from "./fake-platform-routes.ts";
import { aFakeRegistry, type FakeRegistry, kari, staff } from "./fake-registry.ts";
import { answerBy, type FakeRequest, type FakeRoute } from "./fake-route.ts";
import { staffRoutes } from "./fake-staff-routes.ts";
import { createFakeWorld, type FakeWorld, type FakeWorldOptions } from "./fake-world.ts";

export const platformAddress = "http://console.localhost:8080";

/** A command line with a platform to talk to, and a folder of its own for its contexts. */
export type PlatformWorld = FakeWorld & {
  registry: FakeRegistry;
  loginServer: FakeLoginServer;
  /** Every request that the platform got. */
  asked: FakeRequest[];
  env: Readonly<Record<string, string>>;
  contexts: () => Contexts;
  keep: (contexts: Contexts) => void;
  /** Makes the network fail, or another thing answer; undefined makes it well again. */
  intercept: (harm: ((request: FakeRequest) => Response | Promise<Response>) | undefined) => void;
  remove: () => void;
};

export type PlatformWorldOptions = FakeWorldOptions & {
  /** Further routes, before the others. */
  routes?: (registry: FakeRegistry) => FakeRoute[];
};

const tokensOf: Readonly<Record<string, string>> = { "token-of-kari": kari.email, "token-of-staff": staff.email };

export const createPlatformWorld = ({ routes, ...options }: PlatformWorldOptions = {}): PlatformWorld => {
  const folder = mkdtempSync(join(tmpdir(), "polyphony-contexts-"));
  const env = { XDG_CONFIG_HOME: folder, ...options.env };
  const registry = aFakeRegistry();
  const asked: FakeRequest[] = [];
  let harm: ((request: FakeRequest) => Response | Promise<Response>) | undefined;
  const loginServer = createFakeLoginServer(platformAddress, () => world.timer);
  const all = [
    ...(routes?.(registry) ?? []),
    ...platformRoutes(registry),
    ...affiliationRoutes(registry),
    ...staffRoutes(registry),
  ];
  const personOf = (token: string): string | undefined => tokensOf[token] ?? loginServer.personOf(token);
  const world: FakeWorld = createFakeWorld({
    ...options,
    env,
    fetch: async (address, { method = "GET", headers = {}, body } = {}) => {
      const request = { method, url: new URL(address), headers, ...(body === undefined ? {} : { body }) };
      asked.push(request);
      if (harm) return harm(request);
      if (request.url.origin !== platformAddress) throw new Error(`getaddrinfo ENOTFOUND ${request.url.hostname}`);
      return loginServer.answer(request) ?? answerBy(all, personOf, request);
    },
  });
  return {
    ...world,
    registry,
    loginServer,
    asked,
    env,
    contexts: () => readContexts(env),
    keep: (contexts) => writeContexts(env, contexts),
    intercept: (next) => (harm = next),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** Somebody is logged in: by the token in the environment. */
export const loggedIn = (who: "kari" | "staff", options: PlatformWorldOptions = {}): PlatformWorld =>
  createPlatformWorld({
    ...options,
    env: { POLYPHONY_API: platformAddress, POLYPHONY_TOKEN: `token-of-${who}`, ...options.env },
  });
