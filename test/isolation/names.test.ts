import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { openDemo, vaultUrl, type Demo } from "../e2e/support/demo-installation.ts";
import { mailsTo } from "../e2e/support/inbox.ts";
import { eventually } from "../harness/eventually.ts";
import { createTenants, randomSlug, tenantManifest, vaultNamespace, type Tenants } from "../e2e/support/tenants.ts";
import { createVisitor } from "../e2e/support/visitor.ts";
import { countAttempts } from "./attempts.ts";

jest.setTimeout(240_000);

const count = countAttempts(
  "I1s-pages",
  "one name with everything in it, from the Tenant to the vault's page, mail and logs",
);

/** SQL, YAML, shell, Kubernetes' references, templates, HTML, mail and logs at once. */
const hostile = `'; DROP TABLE members;-- "{k: v} $(DATABASE_URL) $(id) \`id\` {{7*7}} \${x} <script>alert(1)</script> &lt; <a@b.no>, %0d%0aBcc: x {"level":"error"} \\n ../../ 🎵 جوقة Kór`;
const slug = randomSlug("names");
const owner = { email: `o'--brien+x@${slug}.example`, name: hostile };

let demo: Demo;
let tenants: Tenants;
beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  await tenants.apply(tenantManifest(slug, { organization: { id: `org_${slug}`, name: hostile }, owner }));
  await tenants.ready(slug);
});
afterAll(async () => {
  await tenants.removeAll();
  demo.close();
  count.finish();
});

const unescaped = (html: string): string =>
  html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

describe("I1s: a hostile name from the Tenant to the vault", () => {
  it("is text on the page, and nothing of it ran", async () => {
    const { status, body } = await createVisitor(vaultUrl(slug)).get("/");
    const title = /<title>([^]*?)<\/title>/.exec(body)?.[1] ?? "";
    const kept = unescaped(title).includes(hostile) && !/[<>"]/.test(title) && !body.includes("<script>alert");
    count.tried("the page", status === 200 && kept);
    expect([status, unescaped(title)]).toEqual([200, expect.stringContaining(hostile)]);
    expect(title).not.toMatch(/[<>"]/);
    expect(body).not.toContain("<script>alert");
    expect(body).not.toMatch(/postgres:\/\//);
  });

  it("is one header of one mail to one person", async () => {
    const visitor = createVisitor(vaultUrl(slug));
    await visitor.submit("/", "/login", { email: owner.email });
    const [mail] = await eventually("the mail to the owner", async () => {
      const mails = await mailsTo(owner.email);
      return mails.length > 0 && mails;
    });
    count.tried("the mail", mail?.subject === `Log in to ${hostile}` && mail.to.join() === owner.email);
    expect([mail?.subject, mail?.to]).toEqual([`Log in to ${hostile}`, [owner.email]]);
  });

  it("is in no log line of the vault but as text in JSON, and in no object's name", async () => {
    const namespace = vaultNamespace(await tenants.get(slug));
    const { stdout } = await demo.kubectl(["-n", namespace, "logs", "deploy/vault"]);
    const lines = stdout.split("\n").filter((line) => line !== "");
    const forged = lines.filter((line) => !line.startsWith("{") || !("time" in (JSON.parse(line) as object)));
    count.tried("the vault's log", forged.length === 0);
    expect(forged).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
    const { stdout: names } = await demo.kubectl(["-n", namespace, "get", "all,secrets,networkpolicies", "-o", "name"]);
    expect(names).not.toMatch(/drop|script|alert/i);
  });
});
