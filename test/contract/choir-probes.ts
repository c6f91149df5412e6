import { eventually } from "../harness/eventually.ts";
import type { Mailbox } from "../stand-ins/mail-catcher/mailbox.ts";
import { browserClient, type BrowserClient } from "./browser-client.ts";
import { runSql } from "./template-databases.ts";
import type { ApplicationProbes, RunningVault } from "./vault-target.ts";

/** The path of the newest link mailed to an address, once there is one; the mailbox forgets it. */
export async function mailedPath(mailbox: Mailbox, to: string, subject = /./): Promise<string> {
  const look = () => {
    const mail = mailbox.list(to).find((one) => subject.test(one.subject));
    return Promise.resolve(mail && /https?:\/\/[^\s]+/.exec(mail.text)?.[0]);
  };
  const link = await eventually(`a mail with a link comes for ${to}`, look, { everyMs: 20 });
  mailbox.clear();
  return new URL(link).pathname;
}

/** Asks for a login link, follows it and confirms: a browser with a session. */
export async function logIn(publicUrl: string, email: string, mailbox: Mailbox): Promise<BrowserClient> {
  const browser = browserClient(publicUrl);
  const asked = await browser.submit("/", "/login", { email });
  if (asked.status !== 303) throw new Error(`Asking for a link was answered ${asked.status}: ${await asked.text()}`);
  const path = await mailedPath(mailbox, email, /^Log in/);
  const entered = await browser.submit(path, path, {});
  if (entered.status !== 303) throw new Error(`The link was answered ${entered.status}: ${await entered.text()}`);
  return browser;
}

/** What the contract suite has to know of the choir vault. */
export function choirProbes(mailbox: Mailbox): ApplicationProbes {
  let invited = 0;
  return {
    openPath: "/",
    owners: async (adminUrl) => {
      const rows = await runSql<{ email: string }>(
        adminUrl,
        "SELECT email FROM members WHERE role = 'owner' ORDER BY 1",
      );
      return rows.map((row) => row.email);
    },
    askDatabase: (vault: RunningVault) =>
      fetch(`${vault.publicUrl}/api/me`, { headers: { cookie: `session=${"x".repeat(43)}` } }),
    writeAsOwner: async (vault, ownerEmail) => {
      const browser = await logIn(vault.publicUrl, ownerEmail, mailbox);
      invited += 1;
      return browser.api("POST", "/api/invitations", { email: `guest${invited}@contract.example`, role: "member" });
    },
  };
}
