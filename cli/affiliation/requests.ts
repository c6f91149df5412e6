import type { Command } from "commander";
import {
  approveAffiliation,
  postAffiliationRequest,
  rejectAffiliation,
  withdrawAffiliation,
} from "../../control-api/contract/affiliations.ts";
import { withOutput } from "../options.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { showRows } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { requestTable } from "./affiliation-tables.ts";

type Options = OutputOptions & { message: string };

const addRequest = (parent: Command, session: Session): void => {
  withOutput(parent.command("request").description("ask an umbrella to take a collective in"), ".umbrella.name")
    .argument("<collective>", "slug of the one that asks; you are its admin")
    .argument("<umbrella>", "slug of the one that is asked")
    .option("--message <text>", "a word to those who answer", "")
    .action(async (collective: string, umbrella: string, { message, ...options }: Options) => {
      const { api } = session.platform();
      const reply = await api.call(postAffiliationRequest, { body: { collective, umbrella, message } });
      showRows(session, { rows: [reply], reply, options }, requestTable);
      session.terminal.err(`${reply.umbrella.name} has been asked, and answers by mail.\n`);
    });
};

const answers = [
  {
    name: "approve",
    contract: approveAffiliation,
    description: "say yes to a collective; you are an admin of the umbrella",
  },
  {
    name: "reject",
    contract: rejectAffiliation,
    description: "say no to a collective; you are an admin of the umbrella",
  },
  {
    name: "withdraw",
    contract: withdrawAffiliation,
    description: "take a request back; you are an admin of the collective",
  },
] as const;

/** `affiliation request`, and the answers to it. */
export const addAffiliationRequests = (parent: Command, session: Session): void => {
  addRequest(parent, session);
  for (const { name, contract, description } of answers)
    withOutput(parent.command(name).description(description), ".umbrella.name")
      .argument("<request...>", "ids of requests: affiliation ls")
      .option("--message <text>", "a word to the other side", "")
      .action(async (ids: string[], { message, ...options }: Options) => {
        const { api } = session.platform();
        const done = [];
        for (const id of ids) done.push(await api.call(contract, { params: { id }, body: { response: message } }));
        const reply = ids.length === 1 ? done[0] : { items: done };
        showRows(session, { rows: done, reply, options }, requestTable);
      });
};
