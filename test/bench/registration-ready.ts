import { setTimeout as pause } from "node:timers/promises";
import { PendingRegistration, ProvenRegistration, Registration } from "../../control-api/contract/registrations.ts";
import { createApiBrowser } from "../../demo/api-browser.ts";
import { consoleUrl } from "../../demo/chart-values.ts";
import { createMailReader } from "../../demo/read-mail.ts";
import { adminUrl, runSql } from "../e2e/support/admin-database.ts";
import { demoNames, openDemo } from "../e2e/support/demo-installation.ts";
import { createTenants, randomSlug, type Tenants } from "../e2e/support/tenants.ts";
import { interleave, publish, sized } from "./findings.ts";
import { goLive, takeAway, untilLive } from "./load/live-vault.ts";

// registration-ready: from following the link that proves a registration to the first 200 of its vault, in the demo.
// Beside it tenant-live: the same vault by applying its Tenant. What lies between is the registry, outbox, queue and worker.

const rounds = sized("ROUNDS", { whole: 9, short: 1 });
const mails = createMailReader(demoNames.inbox);

const registerAndGoLive = async (tenants: Tenants): Promise<number> => {
  const slug = randomSlug("signup");
  const email = `owner@${slug}.example`;
  const browser = createApiBrowser(consoleUrl);
  const contact = { name: "Kari Nordmann", email };
  await browser.post("/api/registrations", { type: "collective", name: `Choir ${slug}`, slug, contact }, Registration);
  const token = await mails.await({ to: email, subject: /^Confirm/ }, undefined);
  await browser.get(`/api/registrations/${token}`, PendingRegistration);
  await pause(2000);
  const began = performance.now();
  await browser.post(`/api/registrations/${token}/proof`, undefined, ProvenRegistration);
  await untilLive(slug, tenants);
  const took = performance.now() - began;
  // The vault goes, and leaves nothing; what the registry knows of it goes with the demo.
  await demo.kubectl(["patch", "tenant", slug, "--type=merge", "--patch", '{"spec":{"retention":"0s"}}']);
  await takeAway(slug, tenants);
  return took;
};

const demo = await openDemo({ breaksThings: true });
const tenants = createTenants(demo);
try {
  const applied = async (): Promise<number> => {
    await pause(2000);
    return goLive(demo, tenants);
  };
  // Once each, unmeasured: images, page cache and connections are warm.
  await applied();
  await registerAndGoLive(tenants);
  const found = await interleave(rounds, () => registerAndGoLive(tenants), applied);
  const [server] = await runSql<{ version: string }>(
    await adminUrl(demo),
    "SELECT current_setting('server_version') AS version",
  );
  publish({
    name: "registration-ready",
    about: `From following the link that proves a registration's address to the first 200 of the vault at its public address, in
the demo with real pods; ${String(rounds)} rounds, interleaved. Against tenant-live in the same run: the same vault by applying a Tenant.`,
    comparisons: [
      { what: "until it answers", unit: "ms", against: "tenant-live", rounds: found, goal: { atMost: 1.1 } },
    ],
    errors: { failed: 0, of: rounds },
    facts: [`PostgreSQL ${server?.version ?? "?"}`],
  });
} finally {
  demo.close();
}
