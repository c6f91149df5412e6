import { chooseProvider } from "./choose-provider.ts";
import { runMain } from "./machine/run-main.ts";

if (import.meta.main) {
  await runMain(async () => {
    const provider = await chooseProvider();
    process.stdout.write(`${(await provider.status()).join("\n")}\n`);
  });
}
