import { startMailCatcher } from "./start.ts";

const port = (name: string, otherwise: number): number => {
  const value = Number(process.env[name] ?? otherwise);
  if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
  throw new Error(`${name} must be a port number from 0 to 65535, or left out for ${otherwise}`);
};

const run = async (): Promise<void> => {
  const catcher = await startMailCatcher({ smtp: port("SMTP_PORT", 1025), http: port("HTTP_PORT", 8025) });
  process.stdout.write(`catching mail on port ${catcher.smtpPort}, showing it on port ${catcher.httpPort}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void catcher.stop().then(() => process.exit(0)));
};

run().catch((error: unknown) => {
  process.stderr.write(`The mail catcher could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
