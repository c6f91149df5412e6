import { randomBytes } from "node:crypto";
import { afterAll, describe, expect, it } from "@jest/globals";
import { parseCsv } from "../isolation/names/parse-csv.ts";
import { anApiClient, type ApiAnswer, type ApiClient } from "../builders/an-api-client.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { aRegistration, tokenInMail } from "../builders/a-registered-organization.ts";
import { eventually } from "../harness/eventually.ts";
import { countAttempts } from "../isolation/attempts.ts";
import {
  hostileAddresses,
  hostileNames,
  type HostileText,
  impossibleAddresses,
  impossibleNames,
} from "../isolation/names/hostile-texts.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const count = countAttempts(
  "I1s-registry",
  "names and addresses on their way through registry, mails, exports and Tenants",
);
const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
const suffix = randomBytes(3).toString("hex");
afterAll(() => count.finish());

type Registered = { slug: string; email: string; client: ApiClient; answer: ApiAnswer };

let number = 0;

const register = async (name: string, address?: string): Promise<Registered> => {
  number += 1;
  const slug = `n${String(number)}x${suffix}`;
  const email = address ?? `kari@${slug}.example`;
  const client = anApiClient(api().url);
  const body = aRegistration(slug, email, { name, contact: { name: name.slice(0, 200), email } });
  return { slug, email, client, answer: await client.send("POST", "/api/registrations", body) };
};

const prove = async ({ client, email }: Registered): Promise<ApiAnswer> => {
  const token = await tokenInMail(api(), email, /Confirm/);
  const proven = await client.send("POST", `/api/registrations/${token}/proof`);
  await client.me();
  return proven;
};

const tenantOf = (slug: string) => eventually(`the Tenant ${slug}`, () => api().kube.find(tenantKind, { name: slug }));

/** Those whose blanks at the ends are simply taken away. */
const fits = ([, text]: HostileText): boolean => !/^[^\p{Cc}]+\s$/u.test(text);

const tidy = (text: string): string => text.normalize("NFC").trim();

describe("I1s: hostile names are text, everywhere", () => {
  it.each(hostileNames)("%s: %s", async (where, name) => {
    const registered = await register(name);
    const { answer, slug, email, client } = registered;
    if (answer.status !== 202) {
      // Too long once it is written as Unicode wants it, and said so.
      expect([answer.status, answer.body.errors[0]?.pointer, tidy(name).length > 200]).toEqual([422, "/name", true]);
      count.tried(`${where}: ${name}`, true);
      return;
    }
    expect((await prove(registered)).status).toBe(201);
    const [mail, ...others] = api().mails.list(email);
    expect([mail?.to, others.length, /[\r\n]/.test(mail?.subject ?? "")]).toEqual([[email], 0, false]);
    const harmless = !/<(script|img|svg)/i.test(mail?.html ?? "") && !(mail?.html ?? "").includes('onerror=alert(1)>"');
    const { body } = await client.get(`/api/organizations/${slug}`);
    const tenant = await tenantOf(slug);
    const kept = body.name === tidy(name) && tenant.spec.organization.name === tidy(name);
    const exported = await client.get(`/api/organizations/${slug}/audit/export?format=csv`);
    const cells = parseCsv(String(exported.body["text"])).flat();
    const formulas = cells.filter((cell) => /^[=+@]|^-[^0-9]/.test(cell));
    count.tried(`${where}: ${name}`, harmless && kept && formulas.length === 0);
    expect([harmless, body.name, tenant.spec.organization.name, formulas]).toEqual([true, tidy(name), tidy(name), []]);
  });

  it.each(impossibleNames.filter(fits))("%s: %j is refused where it is typed", async (where, name) => {
    const { answer } = await register(name);
    const pointers = answer.status === 422 ? answer.body.errors.map(({ pointer }) => pointer) : [];
    count.tried(`${where}: ${JSON.stringify(name)}`, answer.status === 422);
    expect([answer.status, pointers.includes("/name")]).toEqual([422, true]);
  });
});

describe("I1s: addresses", () => {
  it.each(impossibleAddresses)("%s: %j is refused", async (where, address) => {
    const { answer } = await register("Kor", address);
    count.tried(`${where}: ${JSON.stringify(address)}`, answer.status === 422);
    expect([answer.status, answer.body.errors[0]?.pointer]).toEqual([422, "/contact/email"]);
    const asked = await anApiClient(api().url).send("POST", "/api/login-links", { email: address });
    expect(asked.status).toBe(422);
  });

  it.each(hostileAddresses)("%s: %j gets one mail and a vault", async (where, address) => {
    const registered = await register("Kor", address);
    expect(registered.answer.status).toBe(202);
    expect((await prove(registered)).status).toBe(201);
    const { spec } = await tenantOf(registered.slug);
    const recipients = api()
      .mails.list()
      .filter(({ text }) => text.includes(registered.slug))
      .flatMap(({ to }) => to);
    count.tried(`${where}: ${address}`, recipients.every((to) => to === address) && spec.owner.email === address);
    expect([new Set(recipients), spec.owner.email]).toEqual([new Set([address]), address]);
  });
});
