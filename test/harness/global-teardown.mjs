/** Jest runs this once, after the integration suites: what global-setup.mjs started is stopped. */
export default async function globalTeardown() {
  await globalThis.polyphonyTestServices?.stop();
}
