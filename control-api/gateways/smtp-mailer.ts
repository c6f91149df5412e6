import { createTransport } from "nodemailer";
import type { Mailer } from "./mailer.ts";

export interface SmtpSettings {
  readonly smtpUrl: string;
  readonly from: string;
}

/** Sends by SMTP over a few kept connections. Names go to nodemailer as objects, so that no text can start a header. */
export const createSmtpMailer = ({ smtpUrl, from }: SmtpSettings): Mailer => {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 15_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ to, subject, text, html, messageId }) => {
      const headers = { "Auto-Submitted": "auto-generated" };
      await transport.sendMail({ from, to, subject, text, html, messageId, headers });
    },
    close: () => transport.close(),
  };
};
