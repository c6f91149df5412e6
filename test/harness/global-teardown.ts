import "./global-setup.ts";

/** Jest runs this once, after the integration suites, also when they failed. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.polyphonyTestServices?.stop();
}
