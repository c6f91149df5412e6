import { randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { Registration } from "../../control-api/contract/registrations.ts";
import { createApiBrowser } from "../../demo/api-browser.ts";
import { type Organization, registerBoth } from "../../demo/organizations.ts";
import type { MailReader, MailWanted } from "../../demo/read-mail.ts";
import { aConsoleAddress } from "../builders/a-console-address.ts";
import { eventually } from "../harness/eventually.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const umbrella: Organization = {
  type: "umbrella",
  name: `North ${suffix}`,
  slug: `north-${suffix}`,
  contact: { name: "Ingrid Solberg", email: `ingrid@north-${suffix}.example` },
};
const collective: Organization = {
  type: "collective",
  name: `Alto ${suffix}`,
  slug: `alto-${suffix}`,
  contact: { name: "Kari Nordmann", email: `kari@alto-${suffix}.example` },
};

const address = await aConsoleAddress();
const consoleUrl = address.PUBLIC_URL;
const api = suiteControlApi(address);

const tokenNow = ({ to, subject }: MailWanted): string | undefined => {
  const mail = api()
    .mails.list(to)
    .find((one) => subject.test(one.subject));
  return /^https?:\/\/\S+\/(\S+)$/m.exec(mail?.text ?? "")?.[1];
};
const mails: MailReader = {
  find: (wanted) => Promise.resolve(tokenNow(wanted)),
  await: (wanted, seen) =>
    eventually(`a mail to ${wanted.to}`, () => {
      const token = tokenNow(wanted);
      return Promise.resolve(token !== seen && token);
    }),
};

/** Everything that happened, by the log that nobody can change. */
const changes = (): Promise<string[]> =>
  api().registry.asPlatform(async (transaction) =>
    (await transaction("audit_log").select<{ action: string }[]>("action").orderBy("at")).map(({ action }) => action),
  );
const affiliations = (): Promise<number> =>
  api().registry.asPlatform(async (transaction) => (await transaction("affiliations").select("id")).length);

describe("O1, O3, O13: the demo's two organizations", () => {
  it("goes on where it was cut short: after the umbrella's form, before its mail was answered", async () => {
    await createApiBrowser(consoleUrl).post("/api/registrations", umbrella, Registration);
    await mails.await({ to: umbrella.contact.email, subject: /^Confirm/ }, undefined);
    const said: string[] = [];
    await registerBoth(umbrella, collective, { consoleUrl, mails, say: (line) => said.push(line) });
    expect(said).toEqual([
      `Ingrid Solberg follows the link in the mail: North ${suffix} is registered`,
      `Ingrid Solberg invites Alto ${suffix} to North ${suffix}`,
      `Kari Nordmann registers Alto ${suffix} at ${consoleUrl}/register`,
      `Kari Nordmann follows the link in the mail: Alto ${suffix} is registered`,
    ]);
    expect(await affiliations()).toBe(1);
  });

  it("changes nothing of what is there", async () => {
    const before = await changes();
    const said: string[] = [];
    await registerBoth(umbrella, collective, { consoleUrl, mails, say: (line) => said.push(line) });
    expect(said).toEqual([]);
    expect(await changes()).toEqual(before);
  });
});
