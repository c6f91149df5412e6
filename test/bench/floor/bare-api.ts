import { createHmac, randomUUID } from "node:crypto";
import express from "express";
import fastify from "fastify";
import knex from "knex";
import pg from "pg";
import { apiQueries, type NewRegistration } from "./api-queries.ts";

// The floor (fastify and pg) and the peer (express and knex) of api-read and api-write: the same answers out of the same
// rows, without row-level security, rate limits, audit or problems. `node bare-api.ts fastify|express`; says its port.

const { DATABASE_URL = "", SESSION_HASH = "" } = process.env;

type Values = readonly string[];
type Query = (text: string, values: Values) => Promise<readonly unknown[]>;

/** The session's cookie is hashed as the API does it; what is looked up is the hash that the registry has. */
const sessionOf = (cookie: string | undefined): string => {
  createHmac("sha256", "a key of 32 characters or more, as ours")
    .update(cookie ?? "")
    .digest("base64url");
  return SESSION_HASH;
};

const registered = ({ type, name, slug, contact }: NewRegistration): [string, Values][] => {
  const id = randomUUID();
  const token = createHmac("sha256", "a key").update(id).digest("base64url");
  return [
    [apiQueries.claim, [id, slug]],
    [apiQueries.register, [id, slug, type, name, contact.name, contact.email, token]],
    [apiQueries.leaveMail, [randomUUID(), id]],
  ];
};

const startFastify = async (): Promise<number> => {
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10, options: "-c search_path=registry" });
  const query: Query = async (text, values) =>
    (await pool.query<object>({ name: text.slice(0, 60), text, values: [...values] })).rows;
  const app = fastify();
  app.get<{ Params: { slug: string } }>("/api/organizations/:slug", async ({ headers, params }) => {
    const [row] = await query(apiQueries.organization, [sessionOf(headers.cookie), params.slug]);
    return row;
  });
  app.get("/api/admin/tenants", async ({ headers }) => ({
    items: await query(apiQueries.tenants, [sessionOf(headers.cookie)]),
  }));
  const text = { type: "string", minLength: 1, maxLength: 254 };
  const contact = { type: "object", required: ["name", "email"], properties: { name: text, email: text } };
  const body = {
    type: "object",
    required: ["type", "name", "slug", "contact"],
    properties: { type: text, name: text, slug: text, contact },
  };
  app.post<{ Body: NewRegistration }>("/api/registrations", { schema: { body } }, async (request, reply) => {
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      for (const [sql, values] of registered(request.body))
        await client.query({ name: sql.slice(0, 60), text: sql, values: [...values] });
      await client.query("COMMIT");
    } finally {
      client.release();
    }
    return reply.status(202).send({ slug: request.body.slug });
  });
  return Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
};

const startExpress = (): Promise<number> => {
  const registry = knex({
    client: "pg",
    connection: DATABASE_URL,
    searchPath: ["registry"],
    pool: { min: 0, max: 10 },
  });
  const bound = (sql: string, values: Values): [string, Record<string, string>] => [
    sql.replace(/\$(\d)/g, ":v$1"),
    Object.fromEntries(values.map((value, index) => [`v${String(index + 1)}`, value])),
  ];
  const app = express();
  app.use(express.json());
  app.get("/api/organizations/:slug", async ({ headers, params }, response) => {
    const values = [sessionOf(headers.cookie), params.slug];
    const { rows } = await registry.raw<{ rows: object[] }>(...bound(apiQueries.organization, values));
    response.json(rows[0]);
  });
  app.get("/api/admin/tenants", async ({ headers }, response) => {
    const { rows } = await registry.raw<{ rows: object[] }>(...bound(apiQueries.tenants, [sessionOf(headers.cookie)]));
    response.json({ items: rows });
  });
  app.post("/api/registrations", async (request, response) => {
    const registration = request.body as NewRegistration;
    await registry.transaction(async (transaction) => {
      for (const [sql, values] of registered(registration)) await transaction.raw(...bound(sql, values));
    });
    response.status(202).json({ slug: registration.slug });
  });
  return new Promise((resolve) => {
    const server = app.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
};

const port = await (process.argv[2] === "fastify" ? startFastify() : startExpress());
process.stdout.write(`${String(port)}\n`);
