import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { clusterEnvironment } from "../../cluster/env.ts";
import { TenantPage } from "../../control-api/contract/admin.ts";
import { Me } from "../../control-api/contract/login.ts";
import { PendingRegistration, ProvenRegistration, Registration } from "../../control-api/contract/registrations.ts";
import { type ApiBrowser, createApiBrowser } from "../../demo/api-browser.ts";
import { consoleUrl, firstAdmin } from "../../demo/chart-values.ts";
import { localHttp } from "../../demo/local-http.ts";
import { altoEnsemble, nordicChoirs } from "../../demo/organizations.ts";
import { createMailReader } from "../../demo/read-mail.ts";
import { kinds, type Pod } from "../../kube/kinds.ts";
import { runSql } from "./support/admin-database.ts";
import { demoNames, openDemo, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";
import { createTenants, type Tenants, vaultNamespace } from "./support/tenants.ts";

jest.setTimeout(240_000);

const mails = createMailReader(demoNames.inbox);
let demo: Demo;
let tenants: Tenants;
let registryUrl: string;
const registered: string[] = [];

beforeAll(async () => {
  demo = await openDemo({ breaksThings: true });
  tenants = createTenants(demo);
  registryUrl = (await clusterEnvironment())["REGISTRY_DATABASE_URL"] ?? "";
});
afterAll(async () => {
  // The vaults that were made here leave nothing; what the registry knows of them goes with the demo.
  for (const slug of registered)
    await demo.kubectl(["patch", "tenant", slug, "--type=merge", "--patch", '{"spec":{"retention":"0s"}}']);
  await tenants.remove(...registered);
  demo.close();
});

const podsOf = (component: string): Promise<Pod[]> =>
  demo.kube.list(kinds.pod, {
    namespace: demoNames.system,
    labelSelector: `app.kubernetes.io/name=polyphony,app.kubernetes.io/component=${component}`,
  });

/** Ends a component's pods at once, as a node that fails. */
const killPods = async (component: string, most = Infinity): Promise<void> => {
  const names = (await podsOf(component)).slice(0, most).map(({ metadata }) => metadata?.name ?? "");
  await demo.kubectl(["-n", demoNames.system, "delete", "pod", "--grace-period=0", "--force", ...names]);
};

const logIn = async (email: string): Promise<{ browser: ApiBrowser; me: z.output<typeof Me> }> => {
  const browser = createApiBrowser(consoleUrl);
  const wanted = { to: email, subject: /^Log in/ };
  const seen = await mails.find(wanted);
  await browser.post("/api/login-links", { email }, z.object({ code: z.string() }));
  await browser.post(`/api/login-links/${await mails.await(wanted, seen)}/session`, {}, z.looseObject({}));
  const me = await browser.get("/api/me", Me);
  browser.useCsrfToken(me.csrfToken);
  return { browser, me };
};

const aRegistration = () => {
  const slug = `system-${randomBytes(3).toString("hex")}`;
  const contact = { name: "Sam Song", email: `sam@${slug}.example` };
  return { type: "collective", name: `Choir ${slug}`, slug, contact };
};

describe("the demo's control API", () => {
  it("O1 O3: has both organizations, one affiliated with the other, and their vaults by the registry's Tenants", async () => {
    const { browser, me } = await logIn(nordicChoirs.contact.email);
    expect(me.organizations).toEqual([
      expect.objectContaining({ slug: nordicChoirs.slug, name: nordicChoirs.name, type: "umbrella", role: "owner" }),
    ]);
    const Affiliated = z.object({ affiliated: z.array(z.object({ with: z.object({ slug: z.string() }) })) });
    const { affiliated } = await browser.get(`/api/organizations/${nordicChoirs.slug}/affiliations`, Affiliated);
    expect(affiliated.map((one) => one.with.slug)).toContain(altoEnsemble.slug);
    for (const { slug } of [nordicChoirs, altoEnsemble]) {
      const { stdout } = await demo.kubectl(["get", "tenant", slug, "--show-managed-fields", "--output", "json"]);
      expect(stdout).toContain('"manager": "polyphony-control-api"');
    }
  });

  it("A1: the first admin sees the fleet, and an organization's owner does not", async () => {
    const { browser: admin, me } = await logIn(firstAdmin.email);
    expect(me.platformRole).toBe("admin");
    const { items } = await admin.get(`/api/admin/tenants?search=${altoEnsemble.slug}`, TenantPage);
    expect(items.map(({ organization }) => organization.slug)).toEqual([altoEnsemble.slug]);
    const { browser: owner } = await logIn(altoEnsemble.contact.email);
    await expect(owner.get("/api/admin/tenants", TenantPage)).rejects.toThrow("answered 404");
  });

  it("N1: a vault's pod finds the registry at the address that browsers use", async () => {
    const namespace = vaultNamespace(await tenants.get(altoEnsemble.slug));
    const ask =
      "fetch(process.env.REGISTRY_URL+'/.well-known/openid-configuration').then(async r=>console.log((await r.json()).authorization_endpoint))";
    const { stdout } = await demo.kubectl(["-n", namespace, "exec", "deploy/vault", "--", "node", "-e", ask]);
    expect(new URL(stdout.trim()).origin).toBe(consoleUrl);
  });

  it("I7: one of its pods killed, no visitor notices", async () => {
    const over = new AbortController();
    const answers: number[] = [];
    const asking = (async () => {
      while (!over.signal.aborted) answers.push((await localHttp(`${consoleUrl}/api/slugs/nobody-has-this`)).status);
    })();
    await killPods("control-api", 1);
    await eventually("two pods are ready again", async () => {
      const pods = await podsOf("control-api");
      const ready = pods.filter(({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
      );
      return ready.length === 2;
    });
    over.abort();
    await asking;
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
  });

  it("fault 5, 24: queue and worker killed, a registration made meanwhile still ends in a vault that answers", async () => {
    const form = aRegistration();
    await Promise.all([killPods("redis"), killPods("control-worker")]);
    const browser = createApiBrowser(consoleUrl);
    await browser.post("/api/registrations", form, Registration);
    const token = await mails.await({ to: form.contact.email, subject: /^Confirm/ }, undefined);
    expect(await browser.get(`/api/registrations/${token}`, PendingRegistration)).toMatchObject({ state: "open" });
    await killPods("redis");
    await browser.post(`/api/registrations/${token}/proof`, undefined, ProvenRegistration);
    registered.push(form.slug);
    await eventually("the vault answers", async () => (await tenants.ready(form.slug)).status?.url !== undefined);
    const twice = await runSql(registryUrl, "SELECT FROM vaults WHERE tenant = $1", [form.slug]);
    expect(twice).toHaveLength(1);
  });
});
