import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { run } from "../contract/real-postgres.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const slug = `alto-${suffix}`;
const path = `/api/organizations/${slug}/audit`;

type Entry = { number: number; at: string; action: string; actor: { id: string; name: string | null }; hash: string };
type Chained = Entry & { chain: string; previousHash: string; subject: string; detail: object; requestId: string };

const api = suiteControlApi();
let owner: ApiClient;
let staff: ApiClient;

const entries = async (client: ApiClient, url: string): Promise<Entry[]> =>
  (await client.get(url)).body.items as Entry[];

beforeAll(async () => {
  owner = anApiClient(api().url);
  await registerAndProve(api(), owner, slug, `owner-${suffix}@alto.example`);
  for (const category of ["Kor", "Kammerkor", "Mannskor", "Barnekor"])
    await owner.send("PATCH", `/api/organizations/${slug}`, { category });
  const other = anApiClient(api().url);
  await registerAndProve(api(), other, `bass-${suffix}`, `owner-${suffix}@bass.example`);
  staff = await logInStaff(api(), `staff-${suffix}@polyphony.example`);
});

describe("A2: the audit log as its readers see it", () => {
  it("is read newest first, page by page, with nothing twice and nothing left out", async () => {
    const seen: number[] = [];
    let cursor = "";
    do {
      const { body } = await owner.get(`${path}?limit=2${cursor}`);
      seen.push(...(body.items as Entry[]).map(({ number }) => number));
      cursor = typeof body["next"] === "string" ? `&cursor=${body["next"]}` : "";
    } while (cursor !== "");
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it("is found by action, by how actions begin, by who did it and by when", async () => {
    const me = (await owner.me()).body;
    const actions = async (query: string) => (await entries(owner, `${path}?${query}`)).map(({ action }) => action);
    expect(await actions("action=organization.registered")).toEqual(["organization.registered"]);
    expect(await actions("action=organization")).toHaveLength(5);
    expect(await actions("action=organ")).toEqual([]);
    expect(await actions(`actor=${String(me["id"])}`)).toHaveLength(5);
    const [newest] = await entries(owner, path);
    expect(await actions(`from=${newest?.at ?? ""}`)).toHaveLength(1);
    expect(await actions(`until=${newest?.at ?? ""}`)).toHaveLength(4);
    expect((await owner.get(`${path}?actor=nobody`)).status).toBe(404);
    expect((await owner.get(`${path}?cursor=nonsense`)).status).toBe(400);
  });

  it("names who acted, and shows nothing of another organization", async () => {
    const all = await entries(owner, path);
    expect(new Set(all.map(({ actor }) => actor.name))).toEqual(new Set(["Kari Nordmann"]));
    expect((await owner.get(`/api/organizations/bass-${suffix}/audit`)).status).toBe(404);
    expect(await entries(owner, `${path}?organization=bass-${suffix}`)).toHaveLength(5);
  });

  it("is whole for staff, who may look at one organization", async () => {
    expect((await entries(staff, "/api/admin/audit?limit=200")).length).toBeGreaterThan(5);
    const found = await entries(staff, `/api/admin/audit?organization=bass-${suffix}`);
    expect(found.map(({ action }) => action)).toEqual(["organization.registered"]);
    expect((await owner.get("/api/admin/audit")).status).toBe(404);
  });

  it("comes as a file whose hashes anybody can chain", async () => {
    const { status, headers, body } = await owner.get(`${path}/export`);
    expect([status, headers.get("content-disposition")]).toEqual([200, `attachment; filename="${slug}-audit.ndjson"`]);
    const file = String(body["text"])
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Chained)
      .reverse();
    expect(file).toHaveLength(5);
    file.forEach((entry, index) => {
      expect(entry.previousHash).toBe(file[index - 1]?.hash ?? "");
    });
    const [first] = file;
    expect(first?.hash).toMatch(/^[0-9a-f]{64}$/);
    const csv = String((await owner.get(`${path}/export?format=csv`)).body["text"])
      .trim()
      .split("\r\n");
    expect([csv.length, csv[0]?.startsWith("at,organization,number")]).toEqual([6, true]);
  });
});

describe("A2: verification", () => {
  const verifyByCommand = async () => {
    const { accounts, redis } = api();
    const keyFile = join(import.meta.dirname, "../../package.json");
    return promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, "../../control-api/main.ts"), "verify-audit"],
      {
        env: {
          ...process.env,
          PUBLIC_URL: "http://console.polyphony.test",
          VAULT_URL_TEMPLATE: "http://{slug}.vaults.test",
          REGISTRY_APP_URL: accounts.app,
          REGISTRY_PLATFORM_URL: accounts.platform,
          REDIS_URL: redis.url,
          SMTP_URL: "smtp://127.0.0.1:1",
          MAIL_FROM: "Polyphony <no-reply@polyphony.test>",
          TOKEN_KEY_FILE: keyFile,
        },
      },
    ).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: unknown) => error as { code: number; stdout: string },
    );
  };

  it("says by route and by command that all is whole, then names the entry that was changed behind its back", async () => {
    expect((await staff.get("/api/admin/audit/verification")).body).toMatchObject({ whole: true, broken: [] });
    const fine = await verifyByCommand();
    expect([fine.code, fine.stdout]).toEqual([0, expect.stringMatching(/^\d+ entries, whole\n$/)]);
    const victim = await api().registry.asPlatform((transaction) =>
      transaction("audit_log").where({ action: "organization.changed" }).first<{ chain: string }>("chain"),
    );
    // As the tables' owner, whom row-level security holds too: nobody else could, and even so it is found.
    await run(
      api().accounts.owner,
      `ALTER TABLE registry.audit_log NO FORCE ROW LEVEL SECURITY;
       UPDATE registry.audit_log SET detail = '{}' WHERE chain = '${victim.chain}' AND number = 3;
       ALTER TABLE registry.audit_log FORCE ROW LEVEL SECURITY`,
    );
    const broken = [{ chain: victim.chain, number: 3 }];
    expect((await staff.get("/api/admin/audit/verification")).body).toMatchObject({ whole: false, broken });
    const said = await verifyByCommand();
    expect(said.code).toBe(1);
    expect(said.stdout).toContain(`broken: chain ${victim.chain} from entry 3 on`);
  });
});
