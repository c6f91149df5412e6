import { startTestServices, type TestServices } from "./test-services.ts";

declare global {
  var polyphonyTestServices: TestServices | undefined;
}

/** Jest runs this once, before the integration suites. */
export default async function globalSetup(): Promise<void> {
  const services = await startTestServices();
  Object.assign(process.env, services.env);
  globalThis.polyphonyTestServices = services;
}
