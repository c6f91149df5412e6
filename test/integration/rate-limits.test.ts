import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiAnswer, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../e2e/support/eventually.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const [home, abroad] = ["10.1.0.1", "10.2.0.1"];
const email = `kari-${suffix}@alto.example`;

const api = suiteControlApi();
let kari: ApiClient;

const from = (address: string) => ({ "X-Forwarded-For": address });

const numbers = (answer: ApiAnswer): Record<string, number> =>
  Object.fromEntries(
    (answer.headers.get("ratelimit") ?? "").split(", ").map((part) => {
      const [name = "", value] = part.split("=");
      return [name, Number(value)];
    }),
  );

const many = (times: number, ask: (index: number) => Promise<ApiAnswer>) =>
  Promise.all(Array.from({ length: times }, (_, index) => ask(index)));

beforeAll(async () => {
  kari = anApiClient(api().url);
  await registerAndProve(api(), kari, `alto-${suffix}`, email);
}, 60_000);

describe("A5: how often one may ask", () => {
  it("says what is left, of how much, and when it is full again", async () => {
    const first = numbers(await kari.get("/api/me", from(home)));
    const second = await kari.get("/api/me", from(home));
    expect(first).toMatchObject({ limit: 600 });
    expect(numbers(second)["remaining"]).toBe((first["remaining"] ?? 0) - 1);
    expect(numbers(second)["reset"]).toBeLessThanOrEqual(60);
    expect(second.headers.get("ratelimit-policy")).toBe("600;w=60");
  });

  it("counts by account, wherever it asks from", async () => {
    const before = numbers(await kari.get("/api/me", from(home)))["remaining"] ?? 0;
    await many(5, (index) => kari.get("/api/me", from(`10.3.0.${String(index)}`)));
    expect(numbers(await kari.get("/api/me", from(abroad)))["remaining"]).toBe(before - 6);
  });

  it("refuses an address that asks too much, with the time to wait, and no account that shares it", async () => {
    const guest = anApiClient(api().url);
    const answers = await many(620, () => guest.get(`/api/slugs/free-${suffix}`, from(abroad)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(20);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(
      (await guest.get("/api/me", { ...from(abroad), Cookie: "polyphony-session=" + "x".repeat(43) })).status,
    ).toBe(429);
    expect((await kari.get("/api/me", from(abroad))).status).toBe(200);
  }, 30_000);

  it("counts guesses by address, whoever is logged in: a thousand accounts guess no more than one", async () => {
    const answers = await many(35, () => kari.get(`/api/login-links/${"y".repeat(43)}`, from("10.4.0.1")));
    const guest = await anApiClient(api().url).get(`/api/login-links/${"y".repeat(43)}`, from("10.4.0.1"));
    expect([answers.filter(({ status }) => status === 404).length, guest.status]).toEqual([30, 429]);
  });
});

describe("A5, I1: nobody is locked out by what others ask in their name", () => {
  const ask = (client: ApiClient, address: string) => client.send("POST", "/api/login-links", { email }, from(address));
  const mails = () =>
    api()
      .mails.list(email)
      .filter(({ subject }) => subject === "Log in to Polyphony").length;
  const settled = async (): Promise<number> => {
    let before = -1;
    await eventually("mails have settled", async () => {
      const now = mails();
      const isSame = now === before;
      before = now;
      if (!isSame) await new Promise((resolve) => setTimeout(resolve, 500));
      return isSame;
    });
    return before;
  };

  it("one visitor gets a few mails sent and then none, and is told the same each time", async () => {
    api().mails.clear();
    const answers = await many(12, () => ask(anApiClient(api().url), "10.5.0.1"));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await settled()).toBeLessThanOrEqual(12);
    const before = mails();
    await ask(anApiClient(api().url), "10.5.0.1");
    expect(await settled()).toBe(before);
  }, 20_000);

  it("many visitors together do not keep the owner out where they have been before", async () => {
    await many(30, (index) => ask(anApiClient(api().url), `10.6.0.${String(index)}`));
    await settled();
    api().mails.clear();
    const stranger = anApiClient(api().url);
    await ask(stranger, "10.7.0.1");
    expect(await settled()).toBe(0);
    // The address at which the registration was proven; another browser, which asks for the first time.
    const owner = anApiClient(api().url);
    expect((await owner.send("POST", "/api/login-links", { email })).status).toBe(202);
    const token = await tokenInMail(api(), email, /Log in/);
    expect((await owner.send("POST", `/api/login-links/${token}/session`, {})).status).toBe(201);
  }, 30_000);

  it("and a login that holds is never touched by it", async () => {
    expect((await kari.get("/api/me", from(home))).status).toBe(200);
  });
});
