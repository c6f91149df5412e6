import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it, jest } from "@jest/globals";
import { aRegistration, registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiAnswer } from "../builders/an-api-client.ts";
import { registryDigest } from "../isolation/registry/registry-digest.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

jest.setTimeout(60_000);

const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
const suffix = randomBytes(3).toString("hex");

/** A refusal as clients can read it, which says nothing of our insides. */
const expectProblem = ({ status, headers, body }: ApiAnswer, wanted: number | readonly number[]): void => {
  expect([wanted].flat()).toContain(status);
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status, type: expect.any(String) as unknown, requestId: expect.any(String) as unknown });
  expect(JSON.stringify(body)).not.toMatch(/node_modules|insert into|select |\.ts:\d|at async/i);
};

const untouched = async (work: () => Promise<void>): Promise<void> => {
  const before = await registryDigest(api().registry);
  await work();
  expect(await registryDigest(api().registry)).toBe(before);
};

const register = (body: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  anApiClient(api().url).send("POST", "/api/registrations", body, headers);

describe("bad input: slugs", () => {
  it.each([
    ...[
      "",
      "a",
      "a".repeat(41),
      "a".repeat(64),
      "a".repeat(5000),
      "A",
      "Alto",
      "-a",
      "a-",
      "a..b",
      "a.b",
      "a--b",
      "xn--a",
    ],
    ...[
      "аlto",
      "αlto",
      "ålesund",
      "alto\u202e",
      "alto\u0000",
      "🎵choir",
      "pg_x",
      "1e3",
      "1alto",
      "~",
      "'; DROP",
      "{{x}}",
    ],
    ...["${x}", "$(x)", "a\nb: c", "__proto__", "a b", "a/b", "..%2f", " alto", "alto ", "ａｌｔｏ"],
  ])("%j is refused at /slug", async (slug) => {
    await untouched(async () => {
      const answer = await register(aRegistration(slug, "kari@alto.example"));
      expectProblem(answer, 422);
      expect(answer.body.errors.map(({ pointer }) => pointer)).toContain("/slug");
    });
    const asked = await anApiClient(api().url).get(`/api/slugs/${encodeURIComponent(slug)}`);
    if (asked.status === 200) expect(asked.body).toMatchObject({ available: false, reason: "syntax" });
    else expectProblem(asked, [400, 404]);
  });

  it.each<unknown>([null, 1, true, [], {}, { toString: "alto" }])("%j is no slug", async (slug) => {
    await untouched(async () => {
      const answer = await register({ ...aRegistration("x", "kari@alto.example"), slug });
      expectProblem(answer, 422);
      expect(answer.body.errors[0]?.pointer).toBe("/slug");
    });
  });

  it.each(["www", "api", "admin", "kube-system", "default", "postgres", "public", "null", "localhost", "console"])(
    "%s is reserved, and something else is offered",
    async (slug) => {
      await untouched(async () => {
        const answer = await register(aRegistration(slug, "kari@alto.example"));
        expectProblem(answer, 409);
        expect([answer.body.type, answer.body.errors[0]?.pointer]).toEqual([
          "https://polyphony.dev/problems/slug-reserved",
          "/slug",
        ]);
      });
    },
  );

  it("two that people would mistake for each other are one", async () => {
    expect((await register(aRegistration(`solo-${suffix}`, "a@alto.example"))).status).toBe(202);
    for (const twin of [`s0lo-${suffix}`, `solo${suffix}`, `so-lo-${suffix}`, `so1o-${suffix}`]) {
      const answer = await register(aRegistration(twin, "b@alto.example"));
      expectProblem(answer, 409);
      expect(answer.body.type).toMatch(/slug-taken$/);
    }
  });
});

describe("bad input: mail addresses", () => {
  it.each([
    ...["", " ", "kari", "@alto.example", "kari@", "a@b@c.example", '"kari"@alto.example', "kari@måne.example"],
    ...["kari@alto.example\r\nBcc: all@alto.example", "kari@alto", `${"k".repeat(250)}@a.example`, "kari@[127.0.0.1]"],
    ...[
      "kari@alto..example",
      ".kari@alto.example",
      "ka..ri@alto.example",
      "a@b.example,c@d.example",
      "kari@alto.example\u0000",
    ],
  ])("%j is refused", async (email) => {
    await untouched(async () => {
      const answer = await register(aRegistration(`mail-${suffix}`, email));
      expectProblem(answer, 422);
      expect(answer.body.errors[0]?.pointer).toBe("/contact/email");
      expectProblem(await anApiClient(api().url).send("POST", "/api/login-links", { email }), 422);
    });
  });

  it("unknown, known and much-asked addresses are answered alike", async () => {
    const known = `kari-${suffix}@mail.example`;
    await registerAndProve(api(), anApiClient(api().url), `mail-${suffix}`, known);
    const ask = (email: string) => anApiClient(api().url).send("POST", "/api/login-links", { email });
    const shapes = new Set<string>();
    for (const email of [known, `nobody-${suffix}@mail.example`]) {
      for (let times = 0; times < 12; times += 1) {
        const { status, body } = await ask(email);
        shapes.add(JSON.stringify([status, Object.keys(body), body.message, body.code.length]));
      }
    }
    expect(shapes.size).toBe(1);
  });
});

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
  it.each<[string, () => Promise<ApiAnswer>, readonly number[]]>([
    ["nothing", () => raw(""), [400, 422]],
    ["an open brace", () => raw("{"), [400]],
    ["a number", () => raw("1"), [400]],
    ["a list", () => raw("[]"), [400, 422]],
    ["null", () => raw("null"), [400, 422]],
    ["NaN", () => raw('{"slug":NaN}'), [400]],
    ["1e400", () => raw('{"slug":1e400}'), [422]],
    ["21 levels", () => raw(deep(22)), [400]],
    ["5,000 levels", () => raw(deep(5000)), [400]],
    ["a field twice", () => raw(good().replace("{", '{"slug":"other-slug",')), [400]],
    ["a field twice, once in disguise", () => raw(good().replace("{", '{"\\u0073lug":"other-slug",')), [400]],
    ["__proto__", () => raw(good().replace("{", '{"__proto__":{"type":"umbrella"},')), [422]],
    ["constructor", () => raw(good().replace("{", '{"constructor":{"prototype":{}},')), [422]],
    ["an unknown field", () => raw(good().replace("{", '{"role":"owner",')), [422]],
    ["half a character", () => raw(good().replace("Kari", "\\ud800")), [422]],
    ["bytes that are no UTF-8", () => raw(Buffer.from(good().replace("Kari", "\u00ff"), "latin1")), [400, 422]],
    ["more than 100 kB", () => raw(good().replace("Kari", "x".repeat(200_000))), [413]],
    ["more than 1 MB", () => raw(`"${"x".repeat(2_000_000)}"`), [413]],
    [
      "UTF-16",
      () => raw(Buffer.from(good(), "utf16le"), { "Content-Type": "application/json; charset=utf-16" }),
      [400, 415],
    ],
    ["latin1", () => raw(good(), { "Content-Type": "application/json; charset=latin1" }), [415]],
    ["a gzip bomb", () => raw(gzipSync(Buffer.alloc(10_000_000, " ")), { "Content-Encoding": "gzip" }), [415]],
    ["a form", () => raw("slug=alto", { "Content-Type": "application/x-www-form-urlencoded" }), [400, 415]],
    ["text", () => raw(good(), { "Content-Type": "text/plain" }), [400, 415]],
    ["XML", () => raw("<slug/>", { "Content-Type": "application/xml" }), [400, 415]],
  ])("%s is refused", async (_what, ask, statuses) => {
    await untouched(async () => expectProblem(await ask(), statuses));
  });

  it.each(["PUT", "PATCH", "DELETE"])("%s is not offered, and what is offered is said", async (method) => {
    const answer = await anApiClient(api().url).send(method, "/api/registrations");
    expectProblem(answer, 405);
    expect(answer.headers.get("allow")).toBe("POST");
  });
});

describe("bad input: numbers, pages and keys", () => {
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
  it.each<[string, Record<string, string>, readonly number[]]>([
    ["a header of 64 kB", { "X-Long": "x".repeat(65_536) }, [431]],
    ["a cookie of nothing", { Cookie: "polyphony-session=" }, [401]],
    ["a cookie that is not ours", { Cookie: "polyphony-session=../../etc/passwd" }, [401]],
    ["two cookies", { Cookie: `polyphony-session=${"a".repeat(43)}; polyphony-session=${"b".repeat(43)}` }, [401]],
    ["two tokens", { Authorization: "Bearer aaaaaaaaaaaaaaaaaaaaaa, Bearer bbbbbbbbbbbbbbbbbbbbbb" }, [401]],
    ["another scheme", { Authorization: "Negotiate abc" }, [401]],
    ["a scheme alone", { Authorization: "Bearer" }, [401]],
  ])("%s is no login", async (_what, headers, statuses) => {
    const { status } = await fetch(`${api().url}/api/me`, { headers });
    expect(statuses).toContain(status);
  });

  it("a thousand wrong links are refused, with the time to wait once it is too many", async () => {
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
