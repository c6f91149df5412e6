import type { Mailer } from "./mailer.ts";

/** Tries a mail again after each pause (milliseconds); the last failure is thrown. For work that nobody waits for. */
export function patientMailer(mailer: Mailer, pauses: number[], pause: (ms: number) => Promise<void>): Mailer {
  const send: Mailer["send"] = async (mail) => {
    for (const wait of pauses) {
      try {
        await mailer.send(mail);
        return;
      } catch {
        await pause(wait);
      }
    }
    await mailer.send(mail);
  };
  return { send };
}
