import { startTestServices } from "./test-services.ts";

// For use by hand: `node test/harness/run.ts` starts what the integration suites use, prints where it is, and stays until Ctrl-C.
const services = await startTestServices();
for (const [name, value] of Object.entries(services.env)) process.stdout.write(`export ${name}='${value}'\n`);
process.stderr.write("running until Ctrl-C\n");
const keepAlive = setInterval(() => undefined, 60_000);
await new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
});
clearInterval(keepAlive);
await services.stop();
