import { randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { aRegistration, registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiAnswer } from "../builders/an-api-client.ts";
import { expectProblem, leavesUntouched } from "./refusals.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
const suffix = randomBytes(3).toString("hex");
const untouched = (work: () => Promise<void>): Promise<void> => leavesUntouched(api(), work);

const register = (body: unknown): Promise<ApiAnswer> => anApiClient(api().url).send("POST", "/api/registrations", body);

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
