import { z } from "zod";
import { demoNames } from "./demo-installation.ts";
import { eventually } from "../../harness/eventually.ts";

const Message = z.object({
  id: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
});
export type Message = z.infer<typeof Message>;

/** Mails to an address that the demo's inbox has caught, newest first. */
export const mailsTo = async (address: string): Promise<Message[]> => {
  const reply = await fetch(`${demoNames.inbox}/api/messages?to=${encodeURIComponent(address)}`);
  return z.array(Message).parse(await reply.json());
};

/** The link in the newest mail to an address, once there is one more than `seen` of them. */
export const mailedLink = (address: string, seen = 0): Promise<URL> =>
  eventually(
    `a mail to ${address}`,
    async () => {
      const mails = await mailsTo(address);
      const link = mails.length > seen && /https?:\/\/\S+/.exec(mails[0]?.text ?? "")?.[0];
      return link ? new URL(link) : undefined;
    },
    { everyMs: 150 },
  );
