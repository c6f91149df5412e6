import { compareApis } from "./load/compare-apis.ts";

// api-write: what taking a registration costs the control API's process.

const registration = {
  type: "collective",
  name: "Bench choir",
  slug: "b{n}",
  contact: { name: "Kari Nordmann", email: "kari@b{n}.example" },
};

await compareApis(
  "api-write",
  `CPU time of the server's process for each registration taken, at 70 % of what each can do at most, over 10 kept
connections: the name is claimed, the registration is written and a mail is left to be sent, in one transaction. Floor: fastify and pg with
prepared statements. Peer: express and knex. The worker sends the mails beside it.`,
  [{ what: "a registration", method: "POST", path: "/api/registrations", body: JSON.stringify(registration) }],
);
