import { type Command, Option } from "commander";
import { getMe } from "../../control-api/contract/login.ts";
import { jsonText, yamlText } from "../output/print-rows.ts";
import type { Session } from "../session.ts";
import type { Reply } from "../api/api.ts";

type Me = Reply<typeof getMe>;

const roleOf = ({ platformRole }: Me): string => (platformRole === null ? "" : ` · platform ${platformRole}`);

const screenOf = (me: Me, address: string, context: string | undefined): string => {
  const where = context === undefined ? address : `${address} (context ${context})`;
  const widest = Math.max(0, ...me.organizations.map(({ slug }) => slug.length));
  const organizations = me.organizations.map(({ slug, name, type, role }) =>
    `  ${slug.padEnd(widest)}   ${role.padEnd(6)}   ${type.padEnd(10)}   ${name}`.trimEnd(),
  );
  return [`${me.name} <${me.email}>${roleOf(me)}`, `at ${where}`, ...organizations, ""].join("\n");
};

/** `whoami`: who the API takes you for, and in which organizations. */
export const addWhoami = (program: Command, session: Session): void => {
  program
    .command("whoami")
    .description("who you are to the platform, and in which organizations")
    .addOption(
      new Option("-o, --output <format>", "how to show it").choices(["text", "json", "yaml", "name"]).default("text"),
    )
    .action(async ({ output }: { output: "text" | "json" | "yaml" | "name" }) => {
      const { api, address, context } = session.platform();
      const me = await api.call(getMe, {});
      // Not for anybody's eyes: with it and the session's cookie a page could act in the person's name.
      const shown: Partial<Me> = { ...me };
      delete shown.csrfToken;
      const text = {
        text: () => screenOf(me, address, context),
        json: () => jsonText(shown),
        yaml: () => yamlText(shown),
        name: () => `${me.email}\n`,
      }[output];
      session.terminal.out(text());
    });
};
