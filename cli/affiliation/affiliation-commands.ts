import type { Command } from "commander";
import type { Session } from "../session.ts";
import { addAffiliationEndings } from "./endings.ts";
import { addAffiliationLinks } from "./links.ts";
import { addAffiliationViews } from "./ls.ts";
import { addAffiliationRequests } from "./requests.ts";

/** `affiliation`: which collective belongs to which umbrella. */
export const addAffiliation = (program: Command, session: Session): void => {
  const parent = program
    .command("affiliation")
    .alias("affiliations")
    .description("which collectives belong to which umbrellas, and who asks to");
  addAffiliationViews(parent, session);
  addAffiliationRequests(parent, session);
  addAffiliationLinks(parent, session);
  addAffiliationEndings(parent, session);
};
