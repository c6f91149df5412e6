import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** An OpenID provider that says what a test wants it to. */
export interface FakeRegistry {
  readonly url: string;
  /** Over what its ID tokens say otherwise. */
  claims: Record<string, unknown>;
  /** What was handed in with the last code. */
  readonly handedIn: () => URLSearchParams;
  stop(): Promise<void>;
}

/** Listens on every address, found under `host`. Any code is good. */
export const startFakeRegistry = async (host: string): Promise<FakeRegistry> => {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "only", alg: "ES256", use: "sig" };
  let form = new URLSearchParams();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const send = (body: object) =>
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
      if (request.url === "/.well-known/openid-configuration")
        send({
          issuer: fake.url,
          authorization_endpoint: `${fake.url}/authorize`,
          token_endpoint: `${fake.url}/token`,
          jwks_uri: `${fake.url}/keys`,
        });
      else if (request.url === "/keys") send({ keys: [jwk] });
      else if (request.url === "/token") {
        form = new URLSearchParams(Buffer.concat(chunks).toString());
        const token = new SignJWT({ iss: fake.url, sub: "per_x", email_verified: true, ...fake.claims });
        void token
          .setProtectedHeader({ alg: "ES256", kid: "only" })
          .setIssuedAt()
          .setExpirationTime("5m")
          .sign(privateKey)
          .then((id_token) => send({ id_token, access_token: "x", token_type: "Bearer" }));
      } else response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "0.0.0.0", resolve));
  const fake: FakeRegistry = {
    url: `http://${host}:${String((server.address() as AddressInfo).port)}`,
    claims: {},
    handedIn: () => form,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
};
