import type { Mailer } from "./mailer.ts";

export interface SmtpSettings {
  smtpUrl: string;
  /** Asked for each mail, as a choir may be renamed. */
  from: () => { name: string; address: string };
  /** Counts what became of each mail. */
  count: (outcome: "sent" | "failed") => void;
}

/**
 * Text of a header as readers are to show it. "=?" begins an encoded word (RFC 2047), which readers would decode to
 * something that was never typed here; a word joiner, which nobody sees, keeps the two signs apart.
 */
const literal = (text: string): string => text.replaceAll("=?", "=\u2060?");

const named = ({ name, address }: { name: string; address: string }) => ({ name: literal(name), address });

/**
 * Sends by SMTP, one connection per mail. Names and addresses go to nodemailer as objects and are encoded by it, so
 * that no text can start a header of its own. The library is loaded with the first mail, not with the vault.
 */
export function smtpMailer({ smtpUrl, from, count }: SmtpSettings): Mailer {
  const open = async () => {
    const { createTransport } = await import("nodemailer");
    return createTransport({
      url: smtpUrl,
      connectionTimeout: 5000,
      greetingTimeout: 5000,
      socketTimeout: 10_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  let opened: ReturnType<typeof open> | undefined;
  return {
    send: async (mail) => {
      opened ??= open();
      const transport = await opened;
      try {
        await transport.sendMail({
          ...mail,
          from: named(from()),
          to: named(mail.to),
          subject: literal(mail.subject),
          headers: { "Auto-Submitted": "auto-generated" },
        });
        count("sent");
      } catch (error) {
        count("failed");
        throw error;
      }
    },
  };
}
