import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const Mails = z.array(z.object({ subject: z.string(), text: z.string() }));

/** Which mail is meant; the newest of its kind is. */
export interface MailWanted {
  readonly to: string;
  readonly subject: RegExp;
}

/** The token at the end of the link in the newest such mail; undefined when there is none. */
const tokenNow = async (inboxUrl: string, { to, subject }: MailWanted): Promise<string | undefined> => {
  const reply = await fetch(`${inboxUrl}/api/messages?to=${encodeURIComponent(to)}`);
  const mail = Mails.parse(await reply.json()).find((one) => subject.test(one.subject));
  // What is to be followed stands on a line of its own.
  const link = /^https?:\/\/\S+$/m.exec(mail?.text ?? "")?.[0];
  return link === undefined ? undefined : new URL(link).pathname.split("/").at(-1);
};

/** Reads the demo's inbox as a person would who looks for a link. */
export const createMailReader = (inboxUrl: string) => ({
  find: (wanted: MailWanted) => tokenNow(inboxUrl, wanted),
  /** Waits until there is one that is not `seen`. @throws Error after 30 seconds */
  await: async (wanted: MailWanted, seen: string | undefined): Promise<string> => {
    for (let looks = 0; looks < 200; looks += 1) {
      const token = await tokenNow(inboxUrl, wanted);
      if (token !== undefined && token !== seen) return token;
      await sleep(150);
    }
    throw new Error(`no mail to ${wanted.to} came within 30 seconds; see ${inboxUrl} and the control worker's log`);
  },
});
export type MailReader = ReturnType<typeof createMailReader>;
