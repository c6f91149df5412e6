import { compareApis } from "./load/compare-apis.ts";

// api-read: what answering from the registry costs the control API's process.

await compareApis(
  "api-read",
  `CPU time of the server's process for each answer, at 70 % of what each can do at most, over 10 kept connections. Ours:
the API as it is installed, with its login, row-level security, rate limits and checked answers. Floor: fastify and pg with one
prepared query for each request. Peer: express and knex with the same query.`,
  [
    { what: "one organization", method: "GET", path: "/api/organizations/{slug}" },
    { what: "a page of 50 Tenants", method: "GET", path: "/api/admin/tenants?limit=50" },
  ],
);
