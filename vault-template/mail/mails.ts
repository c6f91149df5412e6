import { html, type Fragment } from "../http/html.ts";
import type { Invitation } from "../invitations/invitation.ts";
import type { Member } from "../members/member.ts";
import type { Mailer } from "./mailer.ts";

/** The mails that this vault writes. */
export interface Mails {
  loginLink(member: Member, token: string): Promise<void>;
  invitation(by: Member, invitation: Invitation, token: string): Promise<void>;
}

export interface MailsDeps {
  /** Asked for each mail, as a choir may be renamed. */
  choirName: () => string;
  /** Links begin with it: never with what a request says its host is. */
  publicOrigin: string;
  /** For mails that somebody waits for; fails at once. */
  mailer: Mailer;
  /** For mails in the background; tries again. */
  patientMailer: Mailer;
}

interface Letter {
  heading: string;
  lines: string[];
  button: string;
  link: string;
  after: string;
}

const textOf = (letter: Letter): string =>
  [letter.heading, ...letter.lines, `${letter.button}:\n${letter.link}`, letter.after].join("\n\n") + "\n";

const paragraph = (text: Fragment) => html`<p style="margin:0 0 16px">${text}</p>`;

const htmlOf = (letter: Letter): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="color-scheme" content="light dark" />
      </head>
      <body style="margin:0;padding:24px;background:#f7f4ef;color:#231a2e;font:16px/1.5 system-ui,sans-serif">
        <div style="max-width:480px;margin:0 auto;padding:28px;background:#ffffff;border-radius:14px">
          <h1 style="margin:0 0 16px;font-size:22px;line-height:1.3" dir="auto">${letter.heading}</h1>
          ${letter.lines.map(paragraph)}
          <p style="margin:0 0 20px">
            <a
              href="${letter.link}"
              style="display:inline-block;padding:12px 22px;border-radius:9px;background:#6a2a8c;color:#ffffff;font-weight:600;text-decoration:none"
              >${letter.button}</a
            >
          </p>
          <p style="margin:0 0 16px;font-size:14px;color:#5d5269">
            Or open this address: <a href="${letter.link}" style="color:#6a2a8c;word-break:break-all">${letter.link}</a>
          </p>
          <p style="margin:0;font-size:14px;color:#5d5269">${letter.after}</p>
        </div>
      </body>
    </html>`.markup;

/** Writes mails as text and as HTML, in this choir's name. */
export function choirMails({ choirName, publicOrigin, mailer, patientMailer }: MailsDeps): Mails {
  const write = (to: { name: string; address: string }, subject: string, letter: Letter) => ({
    to,
    subject,
    text: textOf(letter),
    html: htmlOf(letter),
  });
  return {
    loginLink: (member, token) =>
      patientMailer.send(
        write({ name: member.name, address: member.email }, `Log in to ${choirName()}`, {
          heading: `Hello ${member.name},`,
          lines: [`here is your link to ${choirName()}. It works once, within ten minutes.`],
          button: "Log in",
          link: `${publicOrigin}/login/${token}`,
          after: "You did not ask for it? Then leave it alone: nobody is logged in by this mail itself.",
        }),
      ),
    invitation: (by, invitation, token) =>
      mailer.send(
        write({ name: "", address: invitation.email }, `${by.name} invites you to ${choirName()}`, {
          heading: `Join ${choirName()}`,
          lines: [`${by.name} invites you to the vault of ${choirName()}: its music, dates and people.`],
          button: "See the invitation",
          link: `${publicOrigin}/invitations/accept/${token}`,
          after: "The invitation is open for 14 days. You do not know the choir? Then leave this mail alone.",
        }),
      ),
  };
}
