import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { loginAttempt } from "./login-attempt.ts";
import { registryClient } from "./registry-client.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

const { privateKey } = generateKeyPairSync("ed25519");

/** A client of a registry that answers a code with this. */
const aClientWhoseCodeGets = async (status: number, body: unknown) => {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${String(port)}`;
    const metadata = {
      issuer: origin,
      authorization_endpoint: `${origin}/oidc/auth`,
      token_endpoint: `${origin}/oidc/token`,
      jwks_uri: `${origin}/oidc/jwks`,
    };
    const isToken = request.url === "/oidc/token";
    response.writeHead(isToken ? status : 200).end(JSON.stringify(isToken ? body : metadata));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return registryClient({
    vaultId: "2f6c1d0e-8b3a-4c55-9d7e-0a1b2c3d4e5f",
    publicOrigin: "http://alto.polyphony.localhost",
    registryUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    registryKey: JSON.stringify(privateKey.export({ format: "jwk" })),
    clock: { now: () => new Date() },
  });
};

describe("I6: a code that is handed in at the registry", () => {
  const answers: [what: string, status: number, body: unknown, code: string][] = [
    ["nothing of what was asked for", 200, {}, "registry-away"],
    ["something that is no token", 200, { id_token: "none" }, "login-refused"],
    ["a no", 400, { error: "invalid_grant" }, "login-refused"],
    ["that it is overloaded", 429, {}, "registry-away"],
    ["that it is broken", 500, {}, "registry-away"],
  ];
  it.each(answers)("and gets %s lets nobody in, and says why", async (_, status, body, code) => {
    const client = await aClientWhoseCodeGets(status, body);
    await expect(client.redeem("code", loginAttempt("secret"))).rejects.toMatchObject({ problem: { code } });
  });
});
