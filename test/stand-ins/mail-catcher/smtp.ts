import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import type { Mailbox } from "./mailbox.ts";

/** Largest mail that is taken. */
const mostBytes = 2_000_000;

const addressOf = (side: { address: string } | false): string => (side === false ? "" : side.address);

/** An SMTP server that takes every mail and delivers it to the mailbox. Any login is fine; none is needed. */
export function catchMail(mailbox: Mailbox, now: () => Date): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    size: mostBytes,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? "anybody" }),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      stream.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= mostBytes) chunks.push(chunk);
      });
      stream.on("error", (error) => done(error));
      stream.on("end", () => {
        if (bytes > mostBytes) {
          done(Object.assign(new Error(`The mail is larger than ${mostBytes} bytes`), { responseCode: 552 }));
          return;
        }
        const deliver = async () => {
          const mail = await PostalMime.parse(Buffer.concat(chunks));
          mailbox.add({
            from: mail.from?.address ?? addressOf(session.envelope.mailFrom),
            // Who really gets it, not what its headers say.
            to: session.envelope.rcptTo.map((to) => to.address),
            subject: mail.subject ?? "",
            text: mail.text ?? "",
            html: mail.html ?? "",
            receivedAt: now().toISOString(),
          });
        };
        deliver().then(
          () => done(),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
  });
}
