// Not TypeScript: jest loads an .mjs as it is, and Node then strips the types of what it imports. A .ts would be
// required first, which fails half-way through a graph with top-level await.
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { startTestServices } from "./test-services.ts";

/** What the suites and the servers use. Had before any of them: on a new machine it takes longer than a hook waits. */
const tools = ["control-plane", "postgres", "redis-server", "browser", "helm", "promtool"];

/** Jest runs this once, before the integration suites. */
export default async function globalSetup() {
  await ensureTools(tools);
  const services = await startTestServices();
  Object.assign(process.env, services.env);
  globalThis.polyphonyTestServices = services;
}
