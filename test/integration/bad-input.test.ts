import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { aRegistration, registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiAnswer } from "../builders/an-api-client.ts";
import { expectProblem, leavesUntouched } from "./refusals.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
const suffix = randomBytes(3).toString("hex");
const untouched = (work: () => Promise<void>): Promise<void> => leavesUntouched(api(), work);

const register = (body: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  anApiClient(api().url).send("POST", "/api/registrations", body, headers);

/** JSON as text; node's own fetch would mend some of it. */
const raw = (body: Buffer | string, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      `${api().url}/api/registrations`,
      { method: "POST", headers: { "Content-Type": "application/json", ...headers } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          const told = new Headers();
          for (const [name, value] of Object.entries(answer.headers)) told.set(name, String(value));
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode ?? 0, headers: told, body: JSON.parse(text) as ApiAnswer["body"] });
        });
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });

const good = (slug = `json-${suffix}`): string => JSON.stringify(aRegistration(slug, "kari@alto.example"));
const deep = (levels: number): string => `{"a":`.repeat(levels) + "1" + "}".repeat(levels);

describe("bad input: JSON", () => {
  it.each<[string, () => Promise<ApiAnswer>, number]>([
    ["nothing", () => raw(""), 422],
    ["an open brace", () => raw("{"), 400],
    ["a number", () => raw("1"), 400],
    ["a list", () => raw("[]"), 422],
    ["null", () => raw("null"), 400],
    ["NaN", () => raw('{"slug":NaN}'), 400],
    ["1e400", () => raw('{"slug":1e400}'), 422],
    ["21 levels", () => raw(deep(22)), 400],
    ["5,000 levels", () => raw(deep(5000)), 400],
    ["a field twice", () => raw(good().replace("{", '{"slug":"other-slug",')), 400],
    ["a field twice, once in disguise", () => raw(good().replace("{", '{"\\u0073lug":"other-slug",')), 400],
    ["__proto__", () => raw(good().replace("{", '{"__proto__":{"type":"umbrella"},')), 422],
    ["constructor", () => raw(good().replace("{", '{"constructor":{"prototype":{}},')), 422],
    ["an unknown field", () => raw(good().replace("{", '{"role":"owner",')), 422],
    ["half a character", () => raw(good().replace("Kari", "\\ud800")), 422],
    ["bytes that are no UTF-8", () => raw(Buffer.from(good().replace("Kari", "\u00ff"), "latin1")), 400],
    ["more than 100 kB", () => raw(good().replace("Kari", "x".repeat(200_000))), 413],
    ["more than 1 MB", () => raw(`"${"x".repeat(2_000_000)}"`), 413],
    ["UTF-16", () => raw(Buffer.from(good(), "utf16le"), { "Content-Type": "application/json; charset=utf-16" }), 415],
    ["latin1", () => raw(good(), { "Content-Type": "application/json; charset=latin1" }), 415],
    ["a gzip bomb", () => raw(gzipSync(Buffer.alloc(10_000_000, " ")), { "Content-Encoding": "gzip" }), 415],
    ["a form", () => raw("slug=alto", { "Content-Type": "application/x-www-form-urlencoded" }), 400],
    ["text", () => raw(good(), { "Content-Type": "text/plain" }), 400],
    ["XML", () => raw("<slug/>", { "Content-Type": "application/xml" }), 400],
  ])("%s is refused", async (_what, ask, status) => {
    await untouched(async () => expectProblem(await ask(), status));
  });

  it("a line break in a name, and an umbrella below an umbrella, are refused", async () => {
    const [slug, email] = [`json-${suffix}`, "kari@alto.example"];
    await untouched(async () => {
      expectProblem(await register(aRegistration(slug, email, { name: "a\r\nBcc: x" })), 422);
      expectProblem(await register(aRegistration(slug, email, { type: "umbrella", umbrella: "x-y" })), 422);
    });
  });

  it("an unknown path is not there", async () => {
    expectProblem(await anApiClient(api().url).get("/api/nothing"), 404);
  });

  it.each(["PUT", "PATCH", "DELETE"])("%s is not offered, and what is offered is said", async (method) => {
    const answer = await anApiClient(api().url).send(method, "/api/registrations");
    expectProblem(answer, 405);
    expect(answer.headers.get("allow")).toBe("POST");
  });
});

describe("bad input: numbers and pages", () => {
  it("pages beyond reason are refused", async () => {
    const staff = await logInStaff(api(), `staff-${suffix}@platform.example`);
    const queries = ["limit=0", "limit=-1", "limit=1e9", "limit=0.5", "limit=x", "limit=", "limit=9007199254740993"];
    const cursors = ["zzz", "", "%00", "WzEsMl0", btoa('["2026-01-01T00:00:00Z","x"]'), "x".repeat(300)];
    for (const query of [...queries, ...cursors.map((cursor) => `cursor=${cursor}`)]) {
      for (const path of ["/api/admin/tenants", "/api/admin/audit", "/api/admin/queue"]) {
        const answer = await staff.get(`${path}?${query}`);
        expect([path, query, answer.status]).toEqual([path, query, 400]);
        expectProblem(answer, 400);
      }
    }
  });

  it("numbers beyond reason are refused where they stand", async () => {
    const owner = anApiClient(api().url);
    const umbrella = `nums-${suffix}`;
    await registerAndProve(api(), owner, umbrella, `nums-${suffix}@alto.example`, { type: "umbrella" });
    await untouched(async () => {
      for (const value of ["-1", "0", "0.1", "9007199254740993", "9223372036854775808", "1e400", '"1"', "true", "[]"]) {
        for (const field of ["mostUses", "days"]) {
          const body = `{"umbrella":"${umbrella}","${field}":${value}}`;
          const answer = await owner.send("POST", "/api/affiliation-invitations", body);
          expectProblem(answer, 422);
          expect([value, answer.body.errors[0]?.pointer]).toEqual([value, `/${field}`]);
        }
      }
    });
  });
});

describe("bad input: keys", () => {
  it("a key that is used again gives the same answer, and another request with it is refused", async () => {
    const body = aRegistration(`key-${suffix}`, `key-${suffix}@alto.example`);
    const key = { "Idempotency-Key": randomBytes(8).toString("hex") };
    const [first, second] = [await register(body, key), await register(body, key)];
    expect([first.status, second.status, second.body]).toEqual([202, 202, first.body]);
    const other = await register({ ...body, name: "Other" }, key);
    expectProblem(other, 422);
    expect(other.body.type).toBe("https://polyphony.dev/problems/idempotency-key-reused");
  });

  it("a key that cannot be one is refused, and one of two callers is two", async () => {
    await untouched(async () => {
      for (const key of ["", " ", "k".repeat(256), "two words"])
        expectProblem(await register(JSON.parse(good()), { "Idempotency-Key": key }), 400);
    });
    const key = { "Idempotency-Key": `shared-${suffix}` };
    const from = (address: string) => ({ ...key, "X-Forwarded-For": address });
    const first = await register(aRegistration(`key-one-${suffix}`, "a@alto.example"), from("10.1.1.1"));
    const second = await register(aRegistration(`key-two-${suffix}`, "b@alto.example"), from("10.1.1.2"));
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.body["id"]).not.toBe(second.body["id"]);
  });
});

describe("bad input: logins", () => {
  it.each<[string, Record<string, string>, number]>([
    ["a header of 64 kB", { "X-Long": "x".repeat(65_536) }, 431],
    ["a cookie of nothing", { Cookie: "polyphony-session=" }, 401],
    ["a cookie that is not ours", { Cookie: "polyphony-session=../../etc/passwd" }, 401],
    ["two cookies", { Cookie: `polyphony-session=${"a".repeat(43)}; polyphony-session=${"b".repeat(43)}` }, 401],
    ["two tokens", { Authorization: "Bearer aaaaaaaaaaaaaaaaaaaaaa, Bearer bbbbbbbbbbbbbbbbbbbbbb" }, 401],
    ["another scheme", { Authorization: "Negotiate abc" }, 401],
    ["a scheme alone", { Authorization: "Bearer" }, 401],
  ])("%s is no login", async (_what, headers, wanted) => {
    const { status } = await fetch(`${api().url}/api/me`, { headers });
    expect(status).toBe(wanted);
  });

  it("a thousand wrong links open nothing", async () => {
    const guess = (index: number) =>
      anApiClient(api().url).get(`/api/login-links/${randomBytes(32).toString("base64url")}`, {
        "X-Forwarded-For": `10.2.${String(index % 5)}.1`,
      });
    const statuses = new Set<number>();
    for (let index = 0; index < 1000; index += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, step) => guess(index + step)));
      for (const { status } of answers) statuses.add(status);
    }
    expect([...statuses]).toEqual([404]);
  });
});
