// Not TypeScript: jest loads an .mjs as it is, and Node then strips the types of what it imports. A .ts would be
// required first, which fails half-way through a graph with top-level await.
import { startTestServices } from "./test-services.ts";

/** Jest runs this once, before the integration suites. */
export default async function globalSetup() {
  const services = await startTestServices();
  Object.assign(process.env, services.env);
  globalThis.polyphonyTestServices = services;
}
