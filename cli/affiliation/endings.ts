import type { Command } from "commander";
import { endAffiliation } from "../../control-api/contract/affiliations.ts";
import { confirmByTyping } from "../confirm.ts";
import { type DryRunOptions, withTell, withYes, type YesOptions } from "../options.ts";
import type { Session } from "../session.ts";

const endings = [
  {
    name: "leave",
    description: "take a collective out of its umbrella",
    from: "collective",
    to: "umbrella",
    pair: (slug: string, other: string) => ({ collective: slug, umbrella: other }),
  },
  {
    name: "remove",
    description: "take a collective out of your umbrella",
    from: "umbrella",
    to: "collective",
    pair: (slug: string, other: string) => ({ collective: other, umbrella: slug }),
  },
] as const;

/** `affiliation leave` and `remove`: the same end, from either side, after the other's slug was typed. */
export const addAffiliationEndings = (parent: Command, session: Session): void => {
  for (const { name, description, from, to, pair } of endings)
    withTell(withYes(parent.command(name).description(description)))
      .argument(`<${from}>`, "slug of the one you are an admin of")
      .argument(`<${to}>`, "slug of the other one")
      .action(async (slug: string, other: string, { yes, dryRun }: YesOptions & DryRunOptions) => {
        const { terminal } = session;
        const { collective, umbrella } = pair(slug, other);
        const warning = `"${collective}" will no longer belong to "${umbrella}". Its vault stays as it is.`;
        if (dryRun) {
          terminal.err(`${warning} Nothing was done (dry run).\n`);
          return;
        }
        await confirmByTyping(session, { warning, word: other, yes });
        await session.platform().api.call(endAffiliation, { params: { slug, other }, body: { confirm: other } });
        terminal.err(`"${collective}" no longer belongs to "${umbrella}".\n`);
      });
};
