import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { newId } from "../../control-api/ids.ts";
import { median } from "../bench/report.ts";
import { registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiAnswer, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
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
});

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
  });

  it("counts guesses by address, whoever is logged in: a thousand accounts guess no more than one", async () => {
    const answers = await many(35, () => kari.get(`/api/login-links/${"y".repeat(43)}`, from("10.4.0.1")));
    const guest = await anApiClient(api().url).get(`/api/login-links/${"y".repeat(43)}`, from("10.4.0.1"));
    expect([answers.filter(({ status }) => status === 404).length, guest.status]).toEqual([30, 429]);
  });
});

describe("I1: links and codes that are guessed", () => {
  const victim = `ola-${suffix}@bass.example`;
  const tally = (answers: readonly ApiAnswer[]) =>
    answers.reduce<Record<number, number>>((sum, { status }) => ({ ...sum, [status]: (sum[status] ?? 0) + 1 }), {});
  /** Fifty at once: more than the API has connections to its database. */
  const thousandTimes = async (ask: (index: number) => Promise<ApiAnswer>): Promise<ApiAnswer[]> => {
    const answers: ApiAnswer[] = [];
    while (answers.length < 1000) answers.push(...(await many(50, (index) => ask(index))));
    return answers;
  };
  /** Asks for a link in a browser of its own. */
  const askForLink = async (address: string) => {
    api().mails.clear();
    const client = anApiClient(api().url);
    const { body } = await client.send("POST", "/api/login-links", { email: victim }, from(address));
    const path = `/api/login-links/${await tokenInMail(api(), victim, /Log in/)}/session`;
    const spend = (by: string) => client.send("POST", path, {}, from(by));
    return { code: body.code, path, spend };
  };

  beforeAll(async () => {
    await registerAndProve(api(), anApiClient(api().url), `bass-${suffix}`, victim);
  });

  it("a thousand wrong links from one address are refused after thirty; the right one is good from elsewhere", async () => {
    const { spend } = await askForLink("10.8.0.1");
    const guess = () => `/api/login-links/${randomBytes(32).toString("base64url")}`;
    const answers = await thousandTimes(() => anApiClient(api().url).get(guess(), from("10.8.0.1")));
    expect(tally(answers)).toEqual({ 404: 30, 429: 970 });
    const waits = answers.filter(({ status }) => status === 429).map(({ headers }) => headers.get("retry-after"));
    for (const wait of waits) expect([wait, Number(wait) > 0 && Number(wait) <= 600]).toEqual([wait, true]);
    expect((await spend("10.8.0.1")).status).toBe(429);
    expect((await spend("10.8.0.2")).status).toBe(201);
  });

  it("a thousand wrong codes from many addresses at once are five, and the next link lets its owner in", async () => {
    const { code, path } = await askForLink("10.8.1.1");
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
    const answers = await thousandTimes((index) =>
      anApiClient(api().url).send("POST", path, { code: wrong }, from(`10.8.2.${String(index % 50)}`)),
    );
    expect(tally(answers)).toEqual({ 422: 5, 409: 995 });
    const next = await askForLink("10.8.1.1");
    expect((await next.spend("10.8.1.1")).status).toBe(201);
  });
});

describe("I1: whether anybody has an address", () => {
  const people = Array.from({ length: 8 }, (_, index) => `known${String(index)}-${suffix}@alto.example`);
  const rounds = 40;

  beforeAll(async () => {
    const rows = people.map((email) => ({ id: newId(), email, email_key: email, name: "K", created_at: new Date() }));
    await api().registry.asPlatform((transaction) => transaction("people").insert(rows));
  });

  it("is not told by the time that an answer takes", async () => {
    const took = async (address: string, asked: string): Promise<number> => {
      const began = performance.now();
      const { status } = await anApiClient(api().url).send("POST", "/api/login-links", { email: asked }, from(address));
      expect(status).toBe(202);
      return performance.now() - began;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const [address, here] = [`10.9.0.${String(round)}`, people[round % people.length] ?? ""];
      known.push(await took(address, here));
      unknown.push(await took(address, `nobody${String(round)}-${suffix}@alto.example`));
    }
    const ratio = median(known) / median(unknown);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});

describe("A5, I1: nobody is locked out by what others ask in their name", () => {
  const ask = (client: ApiClient, address: string) => client.send("POST", "/api/login-links", { email }, from(address));
  /** Mails with a link, by whether they are sent. */
  const mails = async (): Promise<{ all: number; waiting: number }> => {
    const rows = await api().registry.asPlatform((transaction) =>
      transaction("outbox as w")
        .join("login_links as l", "l.id", "w.subject")
        .where("l.email_key", email)
        .select<{ done_at: Date | null }[]>("w.done_at"),
    );
    return { all: rows.length, waiting: rows.filter(({ done_at }) => done_at === null).length };
  };

  it("one visitor gets six mails sent and then none, and is told the same each time", async () => {
    const statuses = new Set<number>();
    for (let times = 0; times < 12; times += 1) statuses.add((await ask(anApiClient(api().url), "10.5.0.1")).status);
    expect([...statuses]).toEqual([202]);
    expect((await mails()).all).toBe(6);
  });

  it("many visitors together do not keep the owner out where they have been before", async () => {
    await many(30, (index) => ask(anApiClient(api().url), `10.6.0.${String(index)}`));
    await eventually("all are sent", async () => (await mails()).waiting === 0);
    const { all } = await mails();
    await ask(anApiClient(api().url), "10.7.0.1");
    expect((await mails()).all).toBe(all);
    api().mails.clear();
    // The address at which the registration was proven; another browser, which asks for the first time.
    const owner = anApiClient(api().url);
    expect((await owner.send("POST", "/api/login-links", { email })).status).toBe(202);
    const token = await tokenInMail(api(), email, /Log in/);
    expect((await owner.send("POST", `/api/login-links/${token}/session`, {})).status).toBe(201);
  });

  it("and a login that holds is never touched by it", async () => {
    expect((await kari.get("/api/me", from(home))).status).toBe(200);
  });
});
