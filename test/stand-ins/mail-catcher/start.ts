import type { AddressInfo } from "node:net";
import { createMailbox, type Mailbox } from "./mailbox.ts";
import { catchMail } from "./smtp.ts";
import { inboxApp } from "./web.ts";

export interface MailCatcher {
  smtpPort: number;
  httpPort: number;
  mailbox: Mailbox;
  stop(): Promise<void>;
}

/** Starts both servers; port 0 takes a free one. `host` is left out to listen everywhere (in a pod). */
export async function startMailCatcher(ports: { smtp: number; http: number; host?: string }): Promise<MailCatcher> {
  const mailbox = createMailbox();
  const smtp = catchMail(mailbox, () => new Date());
  // Without a listener a client that hangs up in the middle would end the process.
  smtp.on("error", () => undefined);
  const smtpSocket = await new Promise<AddressInfo>((resolve, reject) => {
    smtp.server.once("error", reject);
    const bound = smtp.listen(ports.smtp, ports.host, () => resolve(bound.address() as AddressInfo));
  });
  const app = inboxApp(mailbox);
  const web = await new Promise<ReturnType<typeof app.listen>>((resolve, reject) => {
    const server = ports.host === undefined ? app.listen(ports.http) : app.listen(ports.http, ports.host);
    server.once("error", reject).once("listening", () => resolve(server));
  });
  return {
    mailbox,
    smtpPort: smtpSocket.port,
    httpPort: (web.address() as AddressInfo).port,
    stop: async () => {
      await Promise.all([
        new Promise<void>((resolve) => smtp.close(resolve)),
        new Promise<void>((resolve) => {
          web.close(() => resolve());
          web.closeAllConnections();
        }),
      ]);
    },
  };
}
